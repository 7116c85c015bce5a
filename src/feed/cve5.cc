// SPDX-License-Identifier: Apache-2.0
// CVE records, version 5 (github.com/CVEProject/cve-schema), one file a CVE, as cvelistV5 and CISA's vulnrichment have them:
//   {"dataType": "CVE_RECORD", "cveMetadata": {"cveId": "CVE-2024-3094", "state": "PUBLISHED", "assignerShortName":
//    "redhat", ..}, "containers": {"cna": {"title", "descriptions", "metrics": [{"cvssV3_1": {"vectorString": ".."}}],
//    "problemTypes", "references"}, "adp": [{"providerMetadata": {"shortName": "CISA-ADP"}, "metrics": [{"other":
//    {"type": "ssvc", "content": {"timestamp": "..", "options": [{"Exploitation": "poc"}, {"Automatable": "no"},
//    {"Technical Impact": "total"}]}}}]}]}}
// The authority that assigned the id (cna) is the publisher of "CVE5-CVE-2024-3094"; what others (adp) score are ratings.
// SSVC, and what ADPs pass on of KEV, are a Risk. What is affected is not kept: the products are in words that name no
// package.
#include <simdjson.h>

#include <array>

#include "base/text.h"
#include "feed/cve.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

// "Important" of {"type": "Red Hat severity rating", "content": {"value": "Important"}}; empty: it is no severity.
std::string word_of(object content) {
  std::string_view word;
  const bool found = json::find(content, "value", word) || json::find(content, "text", word);
  return found && severity_of_word(word) != Severity::unknown ? std::string(word) : std::string();
}

bool yes_no(std::string_view word, std::string_view yes, std::string_view no, bool& value) {
  value = equal_ignoring_case(word, yes);
  return value || equal_ignoring_case(word, no);
}

// One {"Exploitation": "poc"}; false where the value is none that is known.
bool read_option(std::string_view key, std::string_view word, Ssvc& ssvc) {
  if (key == "Automatable") return yes_no(word, "yes", "no", ssvc.automatable);
  if (key == "Technical Impact") return yes_no(word, "total", "partial", ssvc.total);
  if (key != "Exploitation") return true;  // another decision point
  for (const Exploitation one : {Exploitation::none, Exploitation::poc, Exploitation::active}) {
    if (!equal_ignoring_case(word, name(one))) continue;
    ssvc.exploitation = one;
    return true;
  }
  return false;
}

void read_ssvc(object content, const Gaps& gaps, Risk& risk) {
  Ssvc ssvc;
  const std::vector<element> options = json::list(content, "options", gaps, "ssvc.options");
  if (options.empty()) return gaps.add("ssvc.options", "none");
  for (const element item : options) {
    object fields;
    if (item.get(fields) != simdjson::SUCCESS) return gaps.add("ssvc.options", "an item is not an object");
    for (const auto field : fields) {
      std::string_view word;
      if (field.value.get(word) != simdjson::SUCCESS || !read_option(field.key, word, ssvc)) {
        return gaps.add("ssvc." + std::string(field.key), "unknown value");
      }
    }
  }
  risk.ssvc = ssvc;
  risk.date = json::text(content, "timestamp", gaps, "ssvc.timestamp").substr(0, 10);
}

// What a container says of how bad it is.
struct Metrics {
  std::vector<std::string> vectors;
  std::string word;
};

void read_other(object other, const Gaps& gaps, Metrics& metrics, Risk& risk) {
  std::string_view type;
  object content;
  if (!json::find(other, "type", type) || !json::find(other, "content", content)) {
    return gaps.add("metrics.other", "without type or content");
  }
  if (type == "ssvc") return read_ssvc(content, gaps, risk);
  if (type == "kev") {
    risk.kev = Kev{.added = json::text(content, "dateAdded", gaps, "kev.dateAdded")};
  } else if (metrics.word.empty()) {
    metrics.word = word_of(content);
  }
}

Metrics read_metrics(object container, const Gaps& gaps, Risk& risk) {
  Metrics found;
  for (const element item : json::list(container, "metrics", gaps)) {
    object fields, part;
    if (item.get(fields) != simdjson::SUCCESS) {
      gaps.add("metrics", "an item is not an object");
      continue;
    }
    for (const auto* key : {"cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"}) {
      std::string_view vector;
      if (!json::find(fields, key, part)) continue;
      if (json::find(part, "vectorString", vector)) {
        found.vectors.emplace_back(vector);
      } else {
        gaps.add(key, "without vectorString");
      }
    }
    if (json::find(fields, "other", part)) read_other(part, gaps, found, risk);
  }
  return found;
}

void read_problems(object container, const Gaps& gaps, std::vector<std::string>& cwes) {
  for (const element item : json::list(container, "problemTypes", gaps)) {
    object fields;
    if (item.get(fields) != simdjson::SUCCESS) {
      gaps.add("problemTypes", "an item is not an object");
      continue;
    }
    for (const element text : json::list(fields, "descriptions", gaps, "problemTypes.descriptions")) {
      object words;
      std::string_view id;
      if (text.get(words) == simdjson::SUCCESS && json::find(words, "cweId", id)) cve::add_cwe(id, cwes);
    }
  }
}

void read_cna(object cna, const Gaps& gaps, std::set<std::string>& seen, Advisory& one) {
  Risk nobodys;  // SSVC is an ADP's
  one.summary = json::text(cna, "title", gaps);
  one.details = cve::description(cna, gaps);
  Metrics metrics = read_metrics(cna, gaps, nobodys);
  one.vectors = std::move(metrics.vectors);
  one.severity = std::move(metrics.word);
  read_problems(cna, gaps, one.weaknesses);
  cve::add_references(cna, gaps, seen, one.references);
}

void read_adp(object adp, const Gaps& gaps, std::set<std::string>& seen, Published& out, Advisory& one) {
  object provider;
  Risk risk{.cve = one.upstream.front()};
  if (json::find(adp, "providerMetadata", provider)) {
    risk.source = json::text(provider, "shortName", gaps, "adp.shortName");
    risk.date = json::text(provider, "dateUpdated", gaps, "adp.dateUpdated").substr(0, 10);
  }
  if (risk.source.empty()) return gaps.add("adp", "without shortName: container left out");
  Metrics metrics = read_metrics(adp, gaps, risk);
  for (std::string& vector : metrics.vectors) {
    one.ratings.push_back({.source = risk.source, .vector = std::move(vector)});
  }
  if (!metrics.word.empty()) one.ratings.push_back({.source = risk.source, .word = std::move(metrics.word)});
  read_problems(adp, gaps, one.weaknesses);
  cve::add_references(adp, gaps, seen, one.references);
  if (risk.ssvc || risk.kev) out.risks.push_back(std::move(risk));
}

// A rejected record may have no other date than that of its reservation.
std::string rejected(object metadata, const Gaps& gaps) {
  for (const auto* key : {"dateRejected", "dateUpdated", "dateReserved"}) {
    std::string date = cve::utc(json::text(metadata, key, gaps));
    if (!date.empty()) return date;
  }
  gaps.add("dateRejected", "none");
  return std::string(cve::kNoDate);
}

void read_record(object root, Gaps& gaps, Published& out) {
  object metadata, containers, cna;
  if (!json::find(root, "cveMetadata", metadata)) return gaps.add("cveMetadata", "none: record left out");
  const std::string id = json::text(metadata, "cveId", gaps);
  if (!cve::is_id(id)) return gaps.add("cveId", "not a CVE: record left out");
  gaps.record = id;
  Advisory one{
      .id = "CVE5-" + id, .publisher = json::text(metadata, "assignerShortName", gaps), .upstream = {id}};
  if (one.publisher.empty()) one.publisher = "CVE";
  one.published = cve::utc(json::text(metadata, "datePublished", gaps));
  one.modified = cve::utc(json::text(metadata, "dateUpdated", gaps));
  const std::string state = json::text(metadata, "state", gaps);
  if (state == "REJECTED") one.withdrawn = rejected(metadata, gaps);
  if (!json::find(root, "containers", containers)) return gaps.add("containers", "none: record left out");
  std::set<std::string> seen;
  if (json::find(containers, "cna", cna)) {
    read_cna(cna, gaps, seen, one);
  } else {
    gaps.add("containers.cna", "none");
  }
  for (const element item : json::list(containers, "adp", gaps)) {
    object adp;
    if (item.get(adp) == simdjson::SUCCESS) {
      read_adp(adp, gaps, seen, out, one);
    } else {
      gaps.add("adp", "an item is not an object");
    }
  }
  out.advisories.push_back(std::move(one));
}

void parse_cve5(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element document;
  if (!json::parse(parser, bytes, gaps, document)) return;
  object root;
  if (document.get(root) != simdjson::SUCCESS) return gaps.add("", "not an object");
  read_record(root, gaps, out);
}

bool recognises_cve5(std::string_view /*name*/, std::string_view bytes) {
  const auto has = [&](std::string_view key) { return contains(bytes, key); };
  return has("\"CVE_RECORD\"") && has("\"cveMetadata\"");
}

constexpr Origin kOrigins[] = {
    {.name = "cve5",
     .url = "https://github.com/CVEProject/cvelistV5/archive/refs/heads/main.zip",
     .speaks_of = "*",
     .licence = "CVE terms of use"},
};

}  // namespace

namespace feeds {
extern const Feed cve5;
constexpr Feed cve5 = {
    .name = "cve5",
    .about = "CVE records 5: scores of who assigned the id and of CISA, and CISA's SSVC",
    .origins = kOrigins,
    .recognises = recognises_cve5,
    .parse = parse_cve5,
};
}  // namespace feeds

}  // namespace peekr
