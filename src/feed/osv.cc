// SPDX-License-Identifier: Apache-2.0
// OSV: one JSON object a vulnerability (ossf.github.io/osv-schema, 1.7), as OSV.dev's dumps and many
// publishers write it:
//   {"id", "modified", "affected": [{"package": {"ecosystem", "name"}, "ranges": [{"type", "events":
//   [{"introduced": "0"},
//   {"fixed": "1.2"}]}], "versions": [..]}], ..}
// A document is one, or a list of them, or JSON Lines.
// What publishers say in fields of their own is brought into the normal form here. A range that cannot be
// read whole takes its affected entry with it: half a range would say something that nobody said. A record
// none of whose entries can be read is not taken; the Notes say so.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json_lines.h"
#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/words.h"
#include "model/purl.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;
using json::Place;

struct EventKey {
  std::string_view key;
  Event::Kind kind;
};
constexpr std::array kEventKeys = {
    EventKey{"introduced", Event::Kind::introduced},
    EventKey{"fixed", Event::Kind::fixed},
    EventKey{"last_affected", Event::Kind::last_affected},
    EventKey{"limit", Event::Kind::limit},
};

const EventKey* event_key(std::string_view key) {
  const auto found = std::ranges::find(kEventKeys, key, &EventKey::key);
  return found == kEventKeys.end() ? nullptr : &*found;
}

// One event has one key. Several are what early records had: they are taken in the order of the schema.
bool read_event(element item, const Gaps& gaps, const Place& where, std::vector<Event>& events) {
  object event;
  if (item.get(event) != simdjson::SUCCESS) {
    gaps.add(where.text(), "not an object");
    return false;
  }
  if (event.size() == 1) {
    const simdjson::dom::key_value_pair only = *event.begin();
    const EventKey* const row = event_key(only.key);
    std::string_view version;
    if (row != nullptr && only.value.get(version) == simdjson::SUCCESS && !version.empty()) {
      events.push_back({row->kind, std::string(version)});
      return true;
    }
  }
  std::size_t taken = 0, keys = 0;
  for (const EventKey& row : kEventKeys) {
    element value;
    if (event.at_key(row.key).get(value) != simdjson::SUCCESS) continue;
    std::string_view version;
    if (value.get(version) != simdjson::SUCCESS || version.empty()) {
      gaps.add(Place(where, row.key).text(), "not a version");
      return false;
    }
    events.push_back({row.kind, std::string(version)});
    ++taken;
  }
  for (const auto field : event) keys += field.key == "database_specific" ? 0 : 1;
  if (keys > taken) gaps.add(where.text(), "unknown event");
  if (taken > 1) gaps.add(where.text(), "several events in one");
  return taken > 0;
}

bool read_range(element item, const Gaps& gaps, const Place& where, std::vector<Range>& ranges) {
  object fields;
  if (item.get(fields) != simdjson::SUCCESS) {
    gaps.add(where.text(), "not an object");
    return false;
  }
  Range range{.type = json::text(fields, "type", gaps, where),
              .events = {},
              .repository = json::text(fields, "repo", gaps, where)};
  if (range.type != "ECOSYSTEM" && range.type != "SEMVER" && range.type != "GIT") {
    gaps.add(Place(where, "type").text(), "unknown: " + printable(range.type.substr(0, 40)));
    return false;
  }
  const std::vector<element> events = json::list(fields, "events", gaps, where);
  range.events.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!read_event(events[i], gaps, Place(where, "events", i), range.events)) return false;
  }
  if (range.events.empty()) {
    gaps.add(Place(where, "events").text(), "none");
    return false;
  }
  ranges.push_back(std::move(range));
  return true;
}

// Of the field of that name.
bool read_ranges(object from, const Gaps& gaps, const Place& in, std::string_view key,
                 std::vector<Range>& ranges) {
  element value;
  if (from.at_key(key).get(value) == simdjson::SUCCESS && !value.is_array() && !value.is_null()) {
    gaps.add(Place(in, key).text(), "not a list");
    return false;
  }
  const std::vector<element> items = json::list(from, key, gaps, in);
  ranges.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!read_range(items[i], gaps, Place(in, key, i), ranges)) return false;
  }
  return true;
}

// Severities that are CVSS vectors; others ("Ubuntu": "medium") are a word.
void read_severity(object from, const Gaps& gaps, std::vector<std::string>& vectors, std::string& word) {
  for (const element item : json::list(from, "severity", gaps)) {
    object fields;
    std::string_view type, score;
    if (item.get(fields) != simdjson::SUCCESS || !json::find(fields, "type", type) ||
        !json::find(fields, "score", score)) {
      gaps.add("severity", "without type or score");
    } else if (type.starts_with("CVSS_")) {
      vectors.emplace_back(score);
    } else if (word.empty()) {
      word = score;
    }
  }
}

bool has_upper_bound(const std::vector<Range>& ranges) {
  return std::ranges::any_of(ranges, [](const Range& range) {
    return range.type != "GIT" && std::ranges::any_of(range.events, [](const Event& event) {
             return event.kind != Event::Kind::introduced;
           });
  });
}

// GitHub writes "<= 8.5.1" or "< 9.0.0" beside a range that has no end of its own: the only upper bound there
// is.
void apply_last_known_range(std::string_view bound, std::vector<Range>& ranges) {
  const bool inclusive = bound.starts_with("<=");
  if (!bound.starts_with('<')) return;
  const std::string version(trim(bound.substr(inclusive ? 2 : 1)));
  if (version.empty() || version.find_first_of(" ,<>=") != std::string::npos || has_upper_bound(ranges))
    return;
  for (Range& range : ranges) {
    if (range.type == "GIT") continue;
    range.events.push_back({inclusive ? Event::Kind::last_affected : Event::Kind::limit, version});
  }
}

// Go: {"imports": [{"path": "net/http", "goos": ["windows"], "goarch": [], "symbols": ["Dir.Open"]}]}: not on all systems
// only where each of them says so.
void read_imports(object specific, const Gaps& gaps, const Place& in, Affected& one) {
  const Place where(in, "imports");
  bool all_systems = false, all_arches = false;
  for (const element item : json::list(specific, "imports", gaps, in)) {
    object import;
    if (item.get(import) != simdjson::SUCCESS) {
      gaps.add(where.text(), "not an object");
      continue;
    }
    one.code.push_back({.path = json::text(import, "path", gaps, where),
                        .symbols = json::texts(import, "symbols", gaps, where)});
    const std::vector<std::string> systems = json::texts(import, "goos", gaps, where),
                                   arches = json::texts(import, "goarch", gaps, where);
    all_systems = all_systems || systems.empty();
    all_arches = all_arches || arches.empty();
    one.systems.insert(one.systems.end(), systems.begin(), systems.end());
    one.arches.insert(one.arches.end(), arches.begin(), arches.end());
  }
  if (all_systems) one.systems.clear();
  if (all_arches) one.arches.clear();
  for (std::vector<std::string>* list : {&one.systems, &one.arches}) {
    std::ranges::sort(*list);
    const auto twice = std::ranges::unique(*list);
    list->erase(twice.begin(), twice.end());
  }
}

// RustSec: {"affects": {"arch": [], "os": ["windows"], "functions": ["smallvec::SmallVec::grow"]}}. GitHub has the functions
// alone: {"affected_functions": []}.
void read_affects(object specific, const Gaps& gaps, const Place& in, Affected& one) {
  std::vector<std::string> functions = json::texts(specific, "affected_functions", gaps, in);
  object affects;
  if (json::find(specific, "affects", affects)) {
    const Place where(in, "affects");
    one.arches = json::texts(affects, "arch", gaps, where);
    one.systems = json::texts(affects, "os", gaps, where);
    if (functions.empty()) functions = json::texts(affects, "functions", gaps, where);
  }
  if (!functions.empty()) one.code.push_back({.path = {}, .symbols = std::move(functions)});
}

// What publishers say in fields of their own: see each line.
void read_specific(object fields, const Gaps& gaps, const Place& where, Affected& one) {
  object specific;
  std::string_view word;
  if (json::find(fields, "ecosystem_specific", specific)) {
    // Debian: urgency; Ubuntu (older records): ubuntu_priority; others: severity.
    for (const std::string_view key : {"urgency", "ubuntu_priority", "severity"}) {
      if (one.urgency.empty() && json::find(specific, key, word)) one.urgency = word;
    }
    // Go: where versions are no SemVer, ranges say "from 0 on" and the bounds are here.
    std::vector<Range> custom;
    const Place in(where, "ecosystem_specific");
    if (!has_upper_bound(one.ranges) && read_ranges(specific, gaps, in, "custom_ranges", custom) &&
        !custom.empty()) {
      one.ranges = std::move(custom);
    }
    // Ubuntu: "Available with Ubuntu Pro: https://ubuntu.com/pro", or "No subscription required".
    if (json::find(specific, "availability", word) && !word.starts_with("No ")) one.reason = word;
    read_imports(specific, gaps, in, one);
    read_affects(specific, gaps, in, one);
  }
  if (json::find(fields, "database_specific", specific)) {
    for (const std::string_view key : {"urgency", "severity"}) {  // severity: Docker
      if (one.urgency.empty() && json::find(specific, key, word)) one.urgency = word;
    }
    // RustSec: "unmaintained", "unsound", "notice": no vulnerability of a version.
    if (one.urgency.empty() && json::find(specific, "informational", word)) one.urgency = word;
    if (json::find(specific, "last_known_affected_version_range", word))
      apply_last_known_range(word, one.ranges);
  }
  if (one.urgency == "end-of-life") one.standing = Standing::end_of_life;
}

// "introduced 0, fixed 0", in either order, is how a publisher denies (Wolfi, Chainguard).
bool denies(const Affected& one) {
  const auto only_at_bottom = [](const Event& event) {
    return event.version == "0" &&
           (event.kind == Event::Kind::introduced || event.kind == Event::Kind::fixed);
  };
  const auto empty = [&](const Range& range) {
    return std::ranges::all_of(range.events, only_at_bottom) &&
           std::ranges::any_of(range.events,
                               [](const Event& event) { return event.kind == Event::Kind::fixed; });
  };
  return one.versions.empty() && !one.ranges.empty() && std::ranges::all_of(one.ranges, empty);
}

bool read_affected(element item, const Gaps& gaps, const Place& where, Affected& one) {
  object fields, package;
  if (item.get(fields) != simdjson::SUCCESS) {
    gaps.add(where.text(), "not an object");
    return false;
  }
  element stated;
  const Place in(where, "package");
  if (fields["package"].get(stated) == simdjson::SUCCESS && !stated.is_null() && !stated.is_object()) {
    gaps.add(in.text(), "not an object");
    return false;
  }
  if (json::find(fields, "package", package)) {
    one.ecosystem = json::text(package, "ecosystem", gaps, in);
    one.package = json::text(package, "name", gaps, in);
    // By its package URL alone, which the schema does not have: it stands for the name until service/spelling.cc has read it.
    if (one.ecosystem.empty() && one.package.empty()) one.package = json::text(package, "purl", gaps, in);
    if (one.package.empty() || (one.ecosystem.empty() && !is_purl(one.package))) {
      gaps.add(in.text(), "without ecosystem or name");
      return false;
    }
  }
  if (!read_ranges(fields, gaps, where, "ranges", one.ranges)) return false;
  one.versions = json::texts(fields, "versions", gaps, where);
  read_severity(fields, gaps, one.vectors, one.urgency);
  read_specific(fields, gaps, where, one);
  if (denies(one)) one.standing = Standing::not_affected;
  return true;
}

// AlmaLinux and Rocky write the severity, and AlmaLinux the module streams, in the summary only: "Moderate:
// nodejs:14 security update", "Low: virt:rhel and virt-devel:rhel bug fix update", "perl:5.30 update".
struct ErrataSummary {
  std::string severity;
  std::vector<std::string> modules;
};

bool is_module(std::string_view word) {
  const auto [name, stream] = cut(word, ':');
  return !name.empty() && !stream.empty() && stream.find(':') == std::string_view::npos;
}

ErrataSummary read_summary(std::string_view summary) {
  ErrataSummary found;
  const auto [first, rest] = cut(summary, ':');
  if (severity_of_word(first) != Severity::unknown && rest.starts_with(' ')) {
    found.severity = first;
    summary = trim(rest);
  }
  for (const std::string_view word : split(summary, ' ')) {
    if (is_module(word)) {
      found.modules.emplace_back(word);
    } else if (word != "and") {
      break;  // the streams stand in front
    }
  }
  return found;
}

// Of two streams in one record, the packages of a "-devel" module are not told apart: the first is the one
// installed.
void apply_summary(Advisory& one) {
  const auto by = [&](std::string_view family) {
    return std::ranges::any_of(
        one.affected, [&](const Affected& affected) { return cut(affected.ecosystem, ':').first == family; });
  };
  if (!by("AlmaLinux") && !by("Rocky Linux")) return;
  const ErrataSummary summary = read_summary(one.summary);
  if (one.severity.empty()) one.severity = summary.severity;
  if (summary.modules.empty()) return;
  const auto modular = [](const Event& event) {
    return event.version.find(".module_el") != std::string::npos ||
           event.version.find(".module+el") != std::string::npos;
  };
  for (Affected& affected : one.affected) {
    // "kernel:4.18.0" in a summary is a version: only modular builds have a stream.
    const bool of_module = std::ranges::any_of(
        affected.ranges, [&](const Range& range) { return std::ranges::any_of(range.events, modular); });
    if (of_module) affected.module = summary.modules.front();
  }
}

// Docker and Kubernetes write their own records under ids that are everybody's (Docker several for one of them): each becomes
// a copy, so that it does not take the place of another's record.
void own_id(Advisory& one) {
  if (one.affected.empty()) return;
  const Affected& first = one.affected.front();
  std::string own;
  if (first.ecosystem == "DHI") {
    own = "DHI-" + first.package + "-" + one.id;
    one.publisher = "Docker";
  } else if (first.ecosystem == "kubernetes") {
    own = "KUBE-" + one.id;
    one.publisher = "Kubernetes";
    for (Affected& affected : one.affected) affected.ecosystem = "Kubernetes";  // as OSV's schema spells it
  } else {
    return;
  }
  one.upstream.push_back(std::exchange(one.id, std::move(own)));
}

void read_references(object record, const Gaps& gaps, std::vector<Reference>& references) {
  const std::vector<element> items = json::list(record, "references", gaps);
  references.reserve(items.size());
  for (const element item : items) {
    object fields;
    std::string_view type, url;
    if (item.get(fields) == simdjson::SUCCESS && json::find(fields, "url", url)) {
      json::find(fields, "type", type);  // empty where there is none
      references.push_back({std::string(type), std::string(url)});
    } else {
      gaps.add("references", "without url");
    }
  }
}

// Who issues ids that begin so; a record of anybody else, and the copy that OSV.dev makes of Alpine's main,
// is "OSV".
std::string publisher_of(std::string_view id) {
  struct Row {
    std::string_view prefix, publisher;
  };
  constexpr std::array kRows = {
      Row{"DEBIAN-", "Debian"},    Row{"DSA-", "Debian"},        Row{"DLA-", "Debian"},
      Row{"DTSA-", "Debian"},      Row{"ELA-", "Freexian"},      Row{"UBUNTU-", "Ubuntu"},
      Row{"USN-", "Ubuntu"},       Row{"LSN-", "Ubuntu"},        Row{"RHSA-", "Red Hat"},
      Row{"RHBA-", "Red Hat"},     Row{"RHEA-", "Red Hat"},      Row{"RLSA-", "Rocky Linux"},
      Row{"RXSA-", "Rocky Linux"}, Row{"ALSA-", "AlmaLinux"},    Row{"ALBA-", "AlmaLinux"},
      Row{"ALEA-", "AlmaLinux"},   Row{"SUSE-", "SUSE"},         Row{"openSUSE-", "SUSE"},
      Row{"OESA-", "openEuler"},   Row{"MGASA-", "Mageia"},      Row{"PHSA-", "Photon OS"},
      Row{"AZL-", "Azure Linux"},  Row{"BELL-", "BellSoft"},     Row{"ECHO-", "Echo"},
      Row{"CGA-", "Chainguard"},   Row{"GHSA-", "GitHub"},       Row{"GO-", "Go"},
      Row{"PYSEC-", "PyPA"},       Row{"RUSTSEC-", "RustSec"},   Row{"BIT-", "Bitnami"},
      Row{"MAL-", "OpenSSF"},      Row{"EEF-", "EEF"},           Row{"DRUPAL-", "Drupal"},
      Row{"HSEC-", "Haskell"},     Row{"RSEC-", "R Consortium"},
  };
  for (const Row& row : kRows) {
    if (id.starts_with(row.prefix)) return std::string(row.publisher);
  }
  return "OSV";
}

bool is_malware(std::string_view id) { return id.starts_with("MAL-"); }

// RustSec: "unmaintained", "unsound" or "notice" beside each package is no hole in a version; GHSA's copies are not marked.
bool is_informational(element item) {
  object fields, specific;
  std::string_view word;
  return item.get(fields) == simdjson::SUCCESS && json::find(fields, "database_specific", specific) &&
         json::find(specific, "informational", word) && !word.empty();
}

Advisory::Kind kind_of(const Advisory& one, const std::vector<element>& affected) {
  if (is_malware(one.id) || std::ranges::any_of(one.aliases, is_malware)) return Advisory::Kind::malware;
  const bool informational = !affected.empty() && std::ranges::all_of(affected, is_informational);
  return informational ? Advisory::Kind::informational : Advisory::Kind::vulnerability;
}

// Go: "REVIEWED", "UNREVIEWED"; GitHub: {"github_reviewed": true}.
std::string review_of(object specific) {
  std::string_view word;
  if (json::find(specific, "review_status", word)) return std::string(word);
  bool reviewed = false;
  if (specific.at_key("github_reviewed").get(reviewed) != simdjson::SUCCESS) return {};
  return reviewed ? "REVIEWED" : "UNREVIEWED";
}

void read_specific(object specific, const Gaps& gaps, Advisory& one) {
  std::string_view word;
  if (json::find(specific, "severity", word)) one.severity = word;
  one.review = review_of(specific);
  one.weaknesses = json::texts(specific, "cwe_ids", gaps);
  // Bitnami; EEF.
  for (const std::string_view key : {"cpes", "cpe_ids"}) {
    if (one.cpes.empty()) one.cpes = json::texts(specific, key, gaps);
  }
}

Advisory read_head(object record, std::string id, const Gaps& gaps) {
  Advisory one{.id = std::move(id)};
  one.publisher = publisher_of(one.id);
  one.aliases = json::texts(record, "aliases", gaps);
  if (std::erase_if(one.aliases, [](const std::string& name) { return trim(name).empty(); }) > 0)
    gaps.add("aliases", "one is empty");
  one.upstream = json::texts(record, "upstream", gaps);
  one.related = json::texts(record, "related", gaps);
  one.summary = json::text(record, "summary", gaps);
  one.details = json::text(record, "details", gaps);
  one.published = json::text(record, "published", gaps);
  one.withdrawn = json::text(record, "withdrawn", gaps);
  for (std::string* date : {&one.published, &one.withdrawn}) {
    if (date->starts_with("0001-")) date->clear();  // Go's zero time
  }
  if (!one.published.empty() && !is_digit(one.published.front())) {
    gaps.add("published", "not a date");
    one.published.clear();
  }
  one.modified = json::text(record, "modified", gaps);
  if (!one.withdrawn.empty() && !is_digit(one.withdrawn.front())) {
    gaps.add("withdrawn", "not a date: taken as not withdrawn");
    one.withdrawn.clear();
  }
  object specific;
  if (json::find(record, "database_specific", specific)) read_specific(specific, gaps, one);
  read_severity(record, gaps, one.vectors, one.severity);
  read_references(record, gaps, one.references);
  return one;
}

void read_record(object record, Gaps& gaps, std::vector<Advisory>& advisories) {
  std::string id = json::text(record, "id", gaps);
  if (id.empty()) return gaps.add("id", "none: record left out");
  gaps.record = id;
  if (printable(id) != id) return gaps.add("id", "control characters: record left out");
  Advisory one = read_head(record, std::move(id), gaps);
  if (one.modified.empty()) gaps.add("modified", "none");
  const std::vector<element> items = json::list(record, "affected", gaps);
  one.kind = kind_of(one, items);
  one.affected.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool sound = read_affected(items[i], gaps, Place("affected", i), one.affected.emplace_back());
    if (!sound) one.affected.pop_back();
  }
  if (one.affected.empty() && !items.empty())
    return gaps.add("affected", "no entry is sound: record left out");
  own_id(one);
  apply_summary(one);
  advisories.push_back(std::move(one));
}

void read_records(const std::vector<element>& items, Gaps& gaps, std::vector<Advisory>& advisories) {
  for (const element item : items) {
    object one;
    gaps.record.clear();
    if (item.get(one) == simdjson::SUCCESS) {
      read_record(one, gaps, advisories);
    } else {
      gaps.add("", "a record is not an object");
    }
  }
}

// A record; a list of records; a page of Rocky's errata (apollo.build.resf.org/api/v3/osv): {"advisories": [records], "links":
// {"next": ".."}}.
void read_root(element root, Gaps& gaps, std::vector<Advisory>& advisories) {
  simdjson::dom::array items;
  if (root.get(items) == simdjson::SUCCESS)
    return read_records({items.begin(), items.end()}, gaps, advisories);
  object record;
  if (root.get(record) != simdjson::SUCCESS) return gaps.add("", "not an object");
  const std::vector<element> page = json::list(record, "advisories", gaps);
  page.empty() ? read_record(record, gaps, advisories) : read_records(page, gaps, advisories);
}

void skip_space(std::string_view& bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
}

void parse_osv(std::string_view name, std::string_view bytes, Published& out) {
  // Documents come in thousands, and most are small: what their parser takes of memory is used again.
  constexpr std::size_t kSmall = std::size_t{1} << 20;
  thread_local simdjson::dom::parser of_small;
  simdjson::dom::parser of_large;
  simdjson::dom::parser& parser = bytes.size() <= kSmall ? of_small : of_large;
  Gaps gaps{Path(name), "", out.notes};
  skip_space(bytes);
  const bool lines = is_json_lines(bytes);
  std::size_t number = 0;
  do {
    const std::string_view one = lines ? trim(next_line(bytes)) : std::exchange(bytes, {});
    if (lines) gaps.record = "line " + std::to_string(++number);
    if (lines && one.empty()) continue;
    element root;
    if (json::parse(parser, one, gaps, root)) read_root(root, gaps, out.advisories);
  } while (!bytes.empty());
}

// CVE 5 and NVD have fields of these names further in, but neither begins with one: nearly all records need no search of all their
// bytes.
bool begins_otherwise(std::string_view fields) {
  constexpr std::array kFirst = {"\"id\"",       "\"affected\"", "\"schema_version\"",
                                 "\"modified\"", "\"aliases\"",  "\"database_specific\""};
  return std::ranges::none_of(kFirst, [&](const char* key) { return fields.starts_with(key); });
}

// A list of objects with "id" and "modified" is the index of a publisher, no list of records.
bool recognises_osv(std::string_view /*name*/, std::string_view bytes) {
  skip_space(bytes);
  const bool list = bytes.starts_with('[');
  if (list) bytes.remove_prefix(1);
  skip_space(bytes);
  if (!bytes.starts_with('{') || !contains(bytes, "\"id\"")) return false;
  std::string_view fields = bytes.substr(1);
  skip_space(fields);
  if (begins_otherwise(fields) && (contains(bytes, "\"cveMetadata\"") || contains(bytes, "\"NVD_CVE\"")))
    return false;
  if (list) return contains(bytes, "\"affected\"");
  return std::ranges::any_of(std::array{"\"affected\"", "\"modified\"", "\"schema_version\""},
                             [&](const char* key) { return contains(bytes, key); });
}

// Images want of it what no feed of the publisher's own says better: whoever adds such a feed takes the
// distribution out of this list, so that it is fetched once. `db update` of everything has all.
constexpr Origin kOrigins[] = {
    {.name = "osv",
     .url = "https://osv-vulnerabilities.storage.googleapis.com/{}/all.zip",
     .values = "@ecosystems.txt",
     .ecosystems =
         "Alpaquita|Azure Linux|BellSoft Hardened Containers|Bitnami|CRAN|GHC|Go|"
         "Hackage|Hex|Julia|Mageia|Maven|NuGet|Packagist|Pub|PyPI|Red Hat|Rocky Linux|RubyGems|SUSE|"
         "SwiftURL|Ubuntu|crates.io|npm|openEuler|openSUSE",
     .rates = "Alpine|Debian",
     .delta = Delta::osv,
     .licence = "of each database: google.github.io/osv.dev/data"},
    // The same records are in OSV's dump of Go, which has GitHub's, too.
    {.name = "go",
     .url = "https://vuln.go.dev/vulndb.zip",
     .speaks_of = "Go",
     .delta = Delta::go,
     .licence = "CC-BY-4.0"},
    // Canonical's own, of which OSV's dump of Ubuntu is made, with all channels: base, Pro, FIPS, realtime.
    {.name = "ubuntu",
     .url = "https://security-metadata.canonical.com/osv/osv-all.tar.xz",
     .speaks_of = "Ubuntu",
     .licence = "CC-BY-SA-4.0"},
};

}  // namespace

namespace feeds {
extern const Feed osv;
constexpr Feed osv = {
    .name = "osv",
    .about = "OSV records: OSV.dev's dumps and every publisher that writes them",
    .origins = kOrigins,
    .recognises = recognises_osv,
    .parse = parse_osv,
};
}  // namespace feeds

}  // namespace peekr
