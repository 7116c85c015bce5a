// SPDX-License-Identifier: Apache-2.0
// Root's patched packages (api.root.io/external/cve_feed), by the distribution that they are built for, its releases and packages:
//   {"debian": [{"distroversion": "12", "packages": [{"pkg": {"name": "libxml2", "cves": {"CVE-2022-49043": {
//      "vulnerable_ranges": ["<2.9.14+dfsg-1.3~deb12u1.root.io.3", ">2.9.14+dfsg-1.3~deb12u1.root.io.3 <2.9.14+dfsg-1.3~deb12u2"],
//      "fixed_versions": ["2.9.14+dfsg-1.3~deb12u1.root.io.3", "2.9.14+dfsg-1.3~deb12u2"], "severity": "MEDIUM"}}}}]}]}
// A range is bounds with blanks or commas between: Root's own build fixes it, and the distribution's builds behind that one do
// not, up to one that does. What comes out is one Advisory an id, "ROOT-CVE-2022-49043", of ecosystems "Root:Debian:12".
#include <simdjson.h>

#include <array>
#include <map>
#include <optional>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

struct Base {
  std::string_view key, name;
  std::string_view behind;  // what makes of a version the next one; empty: nothing does
};
constexpr std::array kBases = {Base{"alpine", "Alpine", ""}, Base{"debian", "Debian", "+"},
                               Base{"ubuntu", "Ubuntu", "+"}};

// Nothing: it is no range, or begins where no version can be named.
std::optional<Range> range_of(std::string_view text, const Base& base) {
  std::string from = "0", to;
  std::string plain(text);
  std::ranges::replace(plain, ',', ' ');
  for (const std::string_view bound : split(plain, ' ')) {
    if (bound.empty()) continue;
    const std::size_t sign = bound.find_first_not_of("<>=");
    if (sign == std::string_view::npos) return std::nullopt;
    const std::string_view how = bound.substr(0, sign), version = bound.substr(sign);
    if (how == "<") {
      to = version;
    } else if (how == ">=") {
      from = version;
    } else if (how == ">" && !base.behind.empty()) {
      from = std::string(version) + std::string(base.behind);
    } else {
      return std::nullopt;
    }
  }
  Range range{.type = "ECOSYSTEM", .events = {{Event::Kind::introduced, from}}};
  if (!to.empty()) range.events.push_back({Event::Kind::fixed, to});
  return range;
}

class Reader {
 public:
  Reader(Gaps& gaps, Published& out) : gaps_(gaps), out_(out) {}

  void base(std::string_view key, element releases) {
    const auto known = std::ranges::find(kBases, key, &Base::key);
    gaps_.record = key;
    simdjson::dom::array list;
    if (known == kBases.end()) return gaps_.add("", "not a distribution that is known here");
    if (releases.get(list) != simdjson::SUCCESS) return gaps_.add("", "not a list");
    for (const element item : list) release(*known, item);
  }
  void finish() {
    gaps_.record.clear();
    if (found_.empty()) gaps_.add("", "no vulnerability in it");
    for (auto& [id, one] : found_) out_.advisories.push_back(std::move(one));
  }

 private:
  void release(const Base& base, element item) {
    object fields;
    gaps_.record = base.key;
    if (item.get(fields) != simdjson::SUCCESS) return gaps_.add("", "not a release");
    const std::string version = json::text(fields, "distroversion", gaps_);
    if (version.empty() || printable(version) != version) return gaps_.add("distroversion", "none");
    const std::string ecosystem = "Root:" + std::string(base.name) + ":" + version;
    for (const element one : json::list(fields, "packages", gaps_)) package(base, ecosystem, one);
  }
  void package(const Base& base, const std::string& ecosystem, element item) {
    object wrapper, fields, cves;
    gaps_.record = ecosystem;
    if (item.get(wrapper) != simdjson::SUCCESS || !json::find(wrapper, "pkg", fields))
      return gaps_.add("packages", "an item without pkg");
    const std::string name = json::text(fields, "name", gaps_);
    if (name.empty() || !json::find(fields, "cves", cves)) return gaps_.add("pkg", "without name or cves");
    for (const auto field : cves) {
      gaps_.record = ecosystem + ": " + name + ": " + printable(field.key);
      issue(base, {.ecosystem = ecosystem, .package = name}, field.key, field.value);
    }
  }
  void issue(const Base& base, Affected affected, std::string_view id, element value) {
    object fields;
    if (id.empty() || printable(id) != id || value.get(fields) != simdjson::SUCCESS)
      return gaps_.add("", "not a vulnerability");
    for (const std::string& text : json::texts(fields, "vulnerable_ranges", gaps_)) {
      if (std::optional<Range> range = range_of(text, base)) {
        affected.ranges.push_back(*std::move(range));
      } else {
        gaps_.add("vulnerable_ranges", "not a range that is known here: " + printable(text));
      }
    }
    if (affected.ranges.empty()) return gaps_.add("vulnerable_ranges", "none");
    affected.urgency = json::text(fields, "severity", gaps_);
    Advisory& one = found_[id];
    one.id = "ROOT-" + std::string(id);
    one.publisher = "Root";
    one.upstream = {std::string(id)};
    one.affected.push_back(std::move(affected));
  }

  Gaps& gaps_;
  Published& out_;
  std::map<std::string_view, Advisory> found_;
};

void parse_root(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element document;
  object bases;
  if (!json::parse(parser, bytes, gaps, document)) return;
  if (document.get(bases) != simdjson::SUCCESS) return gaps.add("", "not an object");
  Reader reader(gaps, out);
  for (const auto field : bases) reader.base(field.key, field.value);
  reader.finish();
}

bool recognises_root(std::string_view /*name*/, std::string_view bytes) {
  const std::string_view head = bytes.substr(0, std::size_t{1} << 16);
  const auto has = [&](std::string_view key) { return contains(head, key); };
  return has("\"distroversion\"") && has("\"vulnerable_ranges\"") && has("\"pkg\"");
}

constexpr Origin kOrigins[] = {
    {.name = "root", .url = "https://api.root.io/external/cve_feed", .ecosystems = "Root"},
};

}  // namespace

namespace feeds {
extern const Feed root;
constexpr Feed root = {
    .name = "root",
    .about = "Root's patched packages, cve_feed",
    .origins = kOrigins,
    .recognises = recognises_root,
    .parse = parse_root,
};
}  // namespace feeds

}  // namespace peekr
