// SPDX-License-Identifier: Apache-2.0
// AlmaLinux's errata (errata.almalinux.org/8/errata.json), which say what its OSV records do not: module and architecture.
//   [{"updateinfo_id": "ALSA-2020:0279", "type": "security", "severity": "Moderate", "title": "Moderate: virt:rhel ..",
//     "issued_date": {"$date": 1629790196000}, "references": [{"id": "CVE-..", "type": "cve", "href": ".."}],
//     "pkglist": {"module": {"name": "virt", "stream": "rhel"}, "packages": [{"name": "libiscsi", "epoch": "0",
//      "version": "1.18.0", "release": "8.module_el8.4.0+2523+3300d70f", "arch": "x86_64"}]}}]
// pkglist may also be a list of such. An erratum bears its OSV record's id and has no date of modification, so that it
// takes its place: the record says less.
#include <fmt/chrono.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/range.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

// {"$date": milliseconds} -> RFC 3339; empty: none.
std::string date(object erratum, std::string_view key) {
  constexpr std::int64_t kLast = 253402300799;  // of the year 9999
  object wrapped;
  std::int64_t milliseconds = 0;
  if (!json::find(erratum, key, wrapped) || wrapped.at_key("$date").get(milliseconds) != simdjson::SUCCESS)
    return {};
  const std::int64_t seconds = milliseconds / 1000;
  if (seconds <= 0 || seconds > kLast) return {};
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", time);
}

// "8" of "1.el8_4", "8.module_el8.4.0+2523"; empty: it does not say.
std::string major_release(std::string_view release) {
  for (std::size_t at = release.find("el"); at != std::string_view::npos; at = release.find("el", at + 1)) {
    if (at == 0 || is_alpha(release[at - 1])) continue;
    std::size_t end = at + 2;
    while (end < release.size() && is_digit(release[end])) ++end;
    if (end > at + 2) return std::string(release.substr(at + 2, end - at - 2));
  }
  return {};
}

class Reader {
 public:
  Reader(Gaps& gaps, std::string_view document) : gaps_(gaps), document_(document) {}

  void erratum(element item, std::vector<Advisory>& advisories) {
    object fields;
    Advisory one{.id = json::record(item, "updateinfo_id", gaps_, fields), .publisher = "AlmaLinux"};
    if (one.id.empty()) return;
    one.summary = json::text(fields, "title", gaps_);
    one.severity = json::text(fields, "severity", gaps_);
    one.details = json::text(fields, "description", gaps_);
    one.published = date(fields, "issued_date");
    if (const std::string updated = date(fields, "updated_date"); !updated.empty())
      one.details += "\nUpdated: " + updated;
    references(fields, one);
    found_.clear();
    lists(fields);
    for (auto& [key, affected] : found_) {
      std::ranges::sort(affected.arches);
      one.affected.push_back(std::move(affected));
    }
    if (one.affected.empty()) return gaps_.add("pkglist", "no package in it");
    advisories.push_back(std::move(one));
  }

 private:
  void references(object fields, Advisory& one) const {
    for (const element item : json::list(fields, "references", gaps_)) {
      object reference;
      if (item.get(reference) != simdjson::SUCCESS) {
        gaps_.add("references", "an item is not an object");
        continue;
      }
      const std::string id = json::text(reference, "id", gaps_), url = json::text(reference, "href", gaps_);
      if (id.starts_with("CVE-")) one.related.push_back(id);  // as AlmaLinux's OSV records have them
      if (!url.empty()) one.references.push_back({id == one.id ? "ADVISORY" : "WEB", url});
    }
  }

  void lists(object fields) {
    object list;
    if (json::find(fields, "pkglist", list)) return packages(list);
    for (const element item : json::list(fields, "pkglist", gaps_)) {
      if (item.get(list) == simdjson::SUCCESS) {
        packages(list);
      } else {
        gaps_.add("pkglist", "an item is not an object");
      }
    }
  }

  void packages(object list) {
    object module;
    std::string stream;
    if (json::find(list, "module", module)) {
      const std::string name = json::text(module, "name", gaps_), of = json::text(module, "stream", gaps_);
      if (name.empty() || of.empty())
        return gaps_.add("pkglist.module", "without name or stream: its packages are left out");
      stream = name + ":" + of;
    }
    for (const element item : json::list(list, "packages", gaps_)) {
      object fields;
      if (item.get(fields) == simdjson::SUCCESS) {
        package(fields, stream);
      } else {
        gaps_.add("pkglist.packages", "an item is not an object");
      }
    }
  }

  void package(object fields, const std::string& stream) {
    const std::string name = json::text(fields, "name", gaps_), epoch = json::text(fields, "epoch", gaps_);
    const std::string version = json::text(fields, "version", gaps_),
                      release = json::text(fields, "release", gaps_);
    const std::string arch = json::text(fields, "arch", gaps_);
    if (name.empty() || version.empty() || release.empty()) {
      return gaps_.add("pkglist.packages", "one without name, version or release: " + printable(name));
    }
    std::string major = major_release(release);
    if (major.empty()) major = major_release_of_document();
    if (major.empty())
      return gaps_.add("pkglist.packages", "of no release that is known: " + printable(name + "-" + release));
    const std::string fixed = (epoch.empty() || epoch == "0" ? "" : epoch + ":") + version + "-" + release;
    Affected& one = found_[{name, fixed, stream}];
    one.ecosystem = "AlmaLinux:" + major;
    one.package = name;
    one.ranges = {below(fixed)};
    one.module = stream;
    if (!arch.empty() && std::ranges::find(one.arches, arch) == one.arches.end()) one.arches.push_back(arch);
  }

  // "8" of "errata.almalinux.org/8/errata.json".
  [[nodiscard]] std::string major_release_of_document() const {
    const std::vector<std::string_view> parts = split(document_, '/');
    const std::string_view folder = parts.size() < 2 ? std::string_view() : parts[parts.size() - 2];
    return to_number(folder) ? std::string(folder) : std::string();
  }

  Gaps& gaps_;
  std::string_view document_;
  std::map<std::tuple<std::string, std::string, std::string>, Affected>
      found_;  // of one erratum: name, build, module
};

void parse_almalinux(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element root;
  simdjson::dom::array errata;
  if (!json::parse(parser, bytes, gaps, root)) return;
  if (root.get(errata) != simdjson::SUCCESS) return gaps.add("", "not a list");
  Reader reader(gaps, name);
  std::size_t index = 0;
  for (const element erratum : errata) {
    gaps.record = "[" + std::to_string(index++) + "]";
    reader.erratum(erratum, out.advisories);
  }
}

bool recognises_almalinux(std::string_view /*name*/, std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  const std::string_view head = bytes.substr(0, std::size_t{1} << 16);
  return bytes.starts_with('[') && contains(head, "\"updateinfo_id\"");
}

constexpr Origin kOrigins[] = {
    {.name = "almalinux",
     .url = "https://errata.almalinux.org/{}/errata.json",
     .values = "8|9|10|*",
     .ecosystems = "AlmaLinux:{}",
     .licence = "MIT"},
};

}  // namespace

namespace feeds {
extern const Feed almalinux;
constexpr Feed almalinux = {
    .name = "almalinux",
    .about = "AlmaLinux's errata, errata.json",
    .origins = kOrigins,
    .recognises = recognises_almalinux,
    .parse = parse_almalinux,
};
}  // namespace feeds

}  // namespace peekr
