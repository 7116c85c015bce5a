// SPDX-License-Identifier: Apache-2.0
// Vulnerabilities of Node.js itself (github.com/nodejs/security-wg, vuln/core/*.json), one document each, and index.json
// with all of them by number:
//   {"cve": ["CVE-2020-8265"], "vulnerable": "10.x || 12.x", "patched": "^10.23.1 || ^12.20.1", "ref": "https://..",
//    "overview": "..", "affectedEnvironments": ["all"], "severity": "high"}
// Ranges are npm's. What is vulnerable and not patched is affected: 10.x without ^10.23.1 is from 10.0.0 up to 10.23.1. Where
// an interval does not end in a patched version, its end is a limit, no fix. Ids are those that others use for the number:
// "NSWG-COR-71". Documents of vuln/deps say what Node.js does not have of its dependencies' ("reason" in place of ranges).
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <limits>
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

using Version = std::array<std::uint64_t, 3>;
constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();
constexpr Version kFirst = {0, 0, 0}, kLast = {kEnd, kEnd, kEnd};

// From, inclusive, to, exclusive.
struct Span {
  Version from = kFirst, to = kLast;
};

std::string text(const Version& version) {
  return std::to_string(version[0]) + "." + std::to_string(version[1]) + "." + std::to_string(version[2]);
}

// "10.x", "0.10.2", "4": the numbers that it gives; nothing: it is no version.
struct Partial {
  Version version{};
  std::size_t given = 0;
};
std::optional<Partial> partial(std::string_view words) {
  Partial found;
  const std::vector<std::string_view> parts = split(words, '.');
  if (parts.size() > 3) return std::nullopt;
  for (const std::string_view part : parts) {
    if (part == "x" || part == "*") break;
    const std::optional<std::uint64_t> number = to_number(part);
    if (!number || *number > 1'000'000) return std::nullopt;
    found.version[found.given++] = *number;
  }
  return found;
}

// The first version above all that begin with the first `given` numbers.
Version above(Version version, std::size_t given) {
  if (given == 0) return kLast;
  ++version[given - 1];
  for (std::size_t i = given; i < version.size(); ++i) version[i] = 0;
  return version;
}

// One comparator of a range: "^8.1.4", "8.x", ">=4.0.0", "<= 5".
std::optional<Span> comparator(std::string_view words) {
  std::size_t signs = 0;
  while (signs < words.size() && std::string_view("^~<>=").find(words[signs]) != std::string_view::npos)
    ++signs;
  const std::string_view sign = words.substr(0, signs);
  const std::optional<Partial> at = partial(words.substr(signs));
  if (!at) return std::nullopt;
  const Version &version = at->version, next = above(version, at->given);
  if (sign.empty() || sign == "=") return Span{version, next};
  if (sign == "<") return Span{kFirst, version};
  if (sign == "<=") return Span{kFirst, next};
  if (sign == ">=") return Span{version, kLast};
  if (sign == ">") return Span{next, kLast};
  if (sign == "~") return Span{version, above(version, std::min<std::size_t>(at->given, 2))};
  if (sign != "^") return std::nullopt;
  // The first number that is not 0 stays.
  std::size_t keep = 1;
  while (keep < at->given && version[keep - 1] == 0) ++keep;
  return Span{version, above(version, std::min(keep, at->given))};
}

// One alternative: all of its comparators hold. ">= 4.0.0" may have a blank behind the sign.
std::optional<Span> alternative(std::string_view words) {
  Span all;
  std::string sign;
  bool any = false;
  for (const std::string_view word : split(words, ' ')) {
    if (word.empty()) continue;
    if (word.find_first_not_of("<>=^~") == std::string_view::npos) {
      sign += word;
      continue;
    }
    const std::optional<Span> one = comparator(sign + std::string(word));
    if (!one) return std::nullopt;
    sign.clear();
    all = {std::max(all.from, one->from), std::min(all.to, one->to)};
    any = true;
  }
  if (!any || !sign.empty()) return std::nullopt;
  return all;
}

std::optional<std::vector<Span>> spans(std::string_view words) {
  std::vector<Span> all;
  while (!words.empty()) {
    const std::size_t end = words.find("||");
    const std::optional<Span> one = alternative(words.substr(0, end));
    if (!one) return std::nullopt;
    if (one->from < one->to) all.push_back(*one);
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 2);
  }
  return all;
}

// What is left of one vulnerable span, in order. `patched` is sorted.
void add_ranges(Span open, const std::vector<Span>& patched, std::vector<Range>& ranges) {
  const auto add = [&](const Version& to, Event::Kind kind) {
    Range range{.type = "SEMVER",
                .events = {{Event::Kind::introduced, open.from == kFirst ? "0" : text(open.from)}}};
    if (to != kLast) range.events.push_back({kind, text(to)});
    ranges.push_back(std::move(range));
  };
  for (const Span& patch : patched) {
    if (patch.to <= open.from || patch.from >= open.to) continue;
    if (patch.from > open.from) add(patch.from, Event::Kind::fixed);
    open.from = patch.to;
    if (open.from >= open.to) return;
  }
  add(open.to, Event::Kind::limit);
}

// "71" of ".../vuln/core/71.json".
std::string number_of(std::string_view name) {
  name = name.substr(name.find_last_of("/!") + 1);
  name = name.substr(0, name.find('.'));
  return to_number(name) ? std::string(name) : std::string();
}

void words(object fields, const Gaps& gaps, Advisory& one) {
  one.upstream = json::texts(fields, "cve", gaps);
  one.summary = json::text(fields, "description", gaps);
  one.details = json::text(fields, "overview", gaps);
  one.severity = json::text(fields, "severity", gaps);
  if (one.severity == "unknown") one.severity.clear();
  if (std::string url = json::text(fields, "ref", gaps); !url.empty())
    one.references.push_back({"WEB", std::move(url)});
  if (std::string vector = json::text(fields, "cvss", gaps); vector.starts_with("CVSS:")) {
    one.vectors.push_back(std::move(vector));
  }
}

void read_one(object fields, const std::string& number, Gaps& gaps, std::vector<Advisory>& advisories) {
  const std::string reason = json::text(fields, "reason", gaps);
  Advisory one{.id = (reason.empty() ? "NSWG-COR-" : "NSWG-DEP-") + number, .publisher = "Node.js"};
  gaps.record = one.id;
  words(fields, gaps, one);
  if (!reason.empty()) {
    one.affected = {
        {.ecosystem = "Node.js", .package = "node", .standing = Standing::not_affected, .reason = reason}};
    advisories.push_back(std::move(one));
    return;
  }
  const std::string from = json::text(fields, "vulnerable", gaps),
                    fixed = json::text(fields, "patched", gaps);
  const std::optional<std::vector<Span>> vulnerable = spans(from);
  std::optional<std::vector<Span>> patched = spans(fixed);
  if (!vulnerable || vulnerable->empty())
    return gaps.add("vulnerable", "no range: \"" + printable(from) + "\"");
  if (!patched) return gaps.add("patched", "no range: \"" + printable(fixed) + "\"");
  std::ranges::sort(*patched, {}, &Span::from);
  Affected affected{.ecosystem = "Node.js", .package = "node"};
  for (const Span& span : *vulnerable) add_ranges(span, *patched, affected.ranges);
  if (affected.ranges.empty()) return gaps.add("vulnerable", "all of it is patched");
  const std::vector<std::string> environments = json::texts(fields, "affectedEnvironments", gaps);
  for (const std::string& one_of_them : environments) {
    if (one_of_them != "all") affected.systems.push_back(one_of_them == "win32" ? "windows" : one_of_them);
  }
  one.affected.push_back(std::move(affected));
  advisories.push_back(std::move(one));
}

void parse_nodejs(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element root;
  object document;
  if (!json::parse(parser, bytes, gaps, root)) return;
  if (root.get(document) != simdjson::SUCCESS) return gaps.add("", "not an object");
  const std::string number = number_of(name);
  if (!number.empty()) return read_one(document, number, gaps, out.advisories);
  std::size_t numbered = 0;
  for (const auto field : document) {
    object fields;
    gaps.record = field.key;
    if (!to_number(field.key) || field.value.get(fields) != simdjson::SUCCESS) {
      gaps.add("", "not a vulnerability with its number");
      continue;
    }
    read_one(fields, std::string(field.key), gaps, out.advisories);
    ++numbered;
  }
  if (numbered == 0) gaps.add("", "no vulnerability in it");
}

bool recognises_nodejs(std::string_view /*name*/, std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  const std::string_view head = bytes.substr(0, std::size_t{1} << 16);
  const auto has = [&](std::string_view key) { return contains(head, key); };
  const bool of_dependency = has("\"reason\"") && has("nodejs-dependency-vuln-assessments");
  return head.starts_with('{') && has("\"cve\"") &&
         (of_dependency || (has("\"vulnerable\"") && has("\"patched\"")));
}

constexpr Origin kOrigins[] = {
    {.name = "nodejs",
     .url = "https://raw.githubusercontent.com/nodejs/security-wg/main/vuln/{core,deps}/index.json",
     .ecosystems = "Node.js",
     .licence = "MIT"},
};

}  // namespace

namespace feeds {
extern const Feed nodejs;
constexpr Feed nodejs = {
    .name = "nodejs",
    .about = "Vulnerabilities of Node.js itself, by its security working group",
    .origins = kOrigins,
    .recognises = recognises_nodejs,
    .parse = parse_nodejs,
};
}  // namespace feeds

}  // namespace peekr
