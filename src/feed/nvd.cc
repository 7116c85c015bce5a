// SPDX-License-Identifier: Apache-2.0
// NVD (nvd.nist.gov/developers/vulnerabilities): pages of the API 2.0, and the yearly feeds, which have the same form:
//   {"format": "NVD_CVE", "version": "2.0", "vulnerabilities": [{"cve": {"id": "CVE-2015-7547", "vulnStatus": "Modified",
//    "metrics": {"cvssMetricV31": [{"source": "nvd@nist.gov", "cvssData": {"vectorString": ".."}}]},
//    "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true,
//     "criteria": "cpe:2.3:a:gnu:glibc:*:*:*:*:*:*:*:*", "versionEndExcluding": "2.23"}]}]}], ..}}]}
// and nvd-data-overrides (github.com/anchore/nvd-data-overrides), one file a CVE, with the configurations that NVD lacks or
// has wrong: {"_annotation": {"cve_id": "CVE-2019-7317", ..}, "cve": {"configurations": [..], "references": [..]}}.
//
// Out comes "NVD-CVE-2015-7547" or "ANCHORE-CVE-2019-7317". What is read of configurations: feed/nvd_configurations.h.
#include <simdjson.h>

#include "base/text.h"
#include "feed/cve.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/nvd_configurations.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

constexpr std::string_view kNvd = "nvd@nist.gov";

// Who scores is an address or, of those that add to CVE records, a number.
std::string scorer(std::string_view source) {
  return std::string(source == "134c704f-9b21-4f2e-91b3-4a467353bcc0" ? "CISA-ADP" : source);
}

void read_metrics(object cve, const Gaps& gaps, Advisory& one) {
  object metrics;
  if (!json::find(cve, "metrics", metrics)) return;
  for (const auto* key : {"cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2"}) {
    for (const element item : json::list(metrics, key, gaps)) {
      object fields, data;
      std::string_view source, vector;
      if (item.get(fields) != simdjson::SUCCESS || !json::find(fields, "cvssData", data) ||
          !json::find(data, "vectorString", vector)) {
        gaps.add(key, "without vectorString");
      } else if (!json::find(fields, "source", source) || source == kNvd) {
        one.vectors.emplace_back(vector);
      } else {
        one.ratings.push_back({.source = scorer(source), .vector = std::string(vector)});
      }
    }
  }
}

void read_weaknesses(object cve, const Gaps& gaps, std::vector<std::string>& cwes) {
  for (const element item : json::list(cve, "weaknesses", gaps)) {
    object fields;
    if (item.get(fields) != simdjson::SUCCESS) {
      gaps.add("weaknesses", "an item is not an object");
      continue;
    }
    for (const element text : json::list(fields, "description", gaps, "weaknesses.description")) {
      object words;
      std::string_view value;
      if (text.get(words) == simdjson::SUCCESS && json::find(words, "value", value))
        cve::add_cwe(value, cwes);
    }
  }
}

// NVD passes CISA's catalogue on, without what it says of ransomware.
void read_kev(object cve, const std::string& id, const Gaps& gaps, Published& out) {
  Kev kev{.added = json::text(cve, "cisaExploitAdd", gaps),
          .due = json::text(cve, "cisaActionDue", gaps),
          .action = json::text(cve, "cisaRequiredAction", gaps)};
  if (kev.added.empty()) return;
  const std::string date = json::text(cve, "lastModified", gaps).substr(0, 10);
  out.risks.push_back({.cve = id, .source = "NVD", .date = date, .kev = std::move(kev)});
}

void read_cve(element item, Gaps& gaps, Published& out) {
  gaps.record.clear();
  object wrapper, fields;
  if (item.get(wrapper) != simdjson::SUCCESS || !json::find(wrapper, "cve", fields)) {
    return gaps.add("vulnerabilities", "an item without cve");
  }
  const std::string id = json::text(fields, "id", gaps);
  if (!cve::is_id(id)) return gaps.add("id", "not a CVE: record left out");
  gaps.record = id;
  Advisory one{.id = "NVD-" + id, .publisher = "NVD", .upstream = {id}};
  one.details = cve::description(fields, gaps);
  one.published = cve::utc(json::text(fields, "published", gaps));
  one.modified = cve::utc(json::text(fields, "lastModified", gaps));
  if (one.modified.empty()) gaps.add("lastModified", "none");
  if (json::text(fields, "vulnStatus", gaps) == "Rejected")
    one.withdrawn = !one.modified.empty()    ? one.modified
                    : !one.published.empty() ? one.published
                                             : std::string(cve::kNoDate);
  read_metrics(fields, gaps, one);
  read_weaknesses(fields, gaps, one.weaknesses);
  std::set<std::string> seen;
  cve::add_references(fields, gaps, seen, one.references);
  nvd::read_configurations(fields, gaps, one.affected);
  read_kev(fields, id, gaps, out);
  out.advisories.push_back(std::move(one));
}

void read_override(object annotation, object root, Gaps& gaps, Published& out) {
  const std::string id = json::text(annotation, "cve_id", gaps);
  object fields;
  if (!cve::is_id(id)) return gaps.add("_annotation.cve_id", "not a CVE: record left out");
  gaps.record = id;
  if (!json::find(root, "cve", fields)) return gaps.add("cve", "none: record left out");
  Advisory one{.id = "ANCHORE-" + id, .publisher = "Anchore", .upstream = {id}};
  one.details = json::text(annotation, "description", gaps);
  one.published = cve::utc(json::text(annotation, "published", gaps));
  one.modified = cve::utc(json::text(annotation, "modified", gaps));
  std::set<std::string> seen;
  cve::add_references(fields, gaps, seen, one.references);
  nvd::read_configurations(fields, gaps, one.affected);
  out.advisories.push_back(std::move(one));
}

void parse_nvd(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element document;
  if (!json::parse(parser, bytes, gaps, document)) return;
  object root, annotation;
  if (document.get(root) != simdjson::SUCCESS) return gaps.add("", "not an object");
  if (json::find(root, "_annotation", annotation)) return read_override(annotation, root, gaps, out);
  element items;
  if (root.at_key("vulnerabilities").get(items) != simdjson::SUCCESS) {
    return gaps.add("vulnerabilities", "none");
  }
  for (const element item : json::list(root, "vulnerabilities", gaps)) read_cve(item, gaps, out);
}

bool recognises_nvd(std::string_view /*name*/, std::string_view bytes) {
  const auto has = [&](std::string_view key) { return contains(bytes, key); };
  return has("\"NVD_CVE\"") || (has("\"_annotation\"") && has("\"cve_id\"") && !has("\"$schema\""));
}

constexpr Origin kOrigins[] = {
    {.name = "nvd",
     .url = "https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-{}.json.gz",
     .values = "2002..",
     .speaks_of = "CPE",
     .delta = Delta::nvd,
     .licence = "public domain"},
    {.name = "nvd/overrides",
     .url = "https://github.com/anchore/nvd-data-overrides/archive/refs/heads/main.tar.gz",
     .ecosystems = "CPE",
     .licence = "CC0-1.0"},
};

}  // namespace

namespace feeds {
extern const Feed nvd;
constexpr Feed nvd = {
    .name = "nvd",
    .about = "NVD 2.0: scores, weaknesses and configurations of CVEs; and nvd-data-overrides",
    .origins = kOrigins,
    .recognises = recognises_nvd,
    .parse = parse_nvd,
    .revision = 2,  // from 2 on with the systems that a hole is on
};
}  // namespace feeds

}  // namespace peekr
