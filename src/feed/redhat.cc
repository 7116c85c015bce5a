// SPDX-License-Identifier: Apache-2.0
// Red Hat's CSAF VEX (security.access.redhat.com/data/csaf/v2/vex/YYYY/cve-....json; docs.oasis-open.org/csaf/csaf/v2.0): one
// document a CVE, which says of every product and component what it is:
//   {"document": {"category": "csaf_vex", "aggregate_severity", "publisher": {"namespace": "https://www.redhat.com"}, "tracking"},
//    "product_tree": {"branches": [{"branches": [{"product": {"product_id": "AppStream-9.3", "product_identification_helper":
//      {"cpe": "cpe:/a:redhat:enterprise_linux:9::appstream"}}}, {"product": {"product_id": "curl-0:7.76.1-26.el9_3.2.src",
//      "product_identification_helper": {"purl": "pkg:rpm/redhat/curl@7.76.1-26.el9_3.2?arch=src"}}}]}],
//     "relationships": [{"product_reference": "curl-0:..", "relates_to_product_reference": "AppStream-9.3",
//      "full_product_name": {"product_id": "AppStream-9.3:curl-0:.."}}]},
//    "vulnerabilities": [{"cve", "product_status": {"fixed": [ids], "known_affected", "known_not_affected",
//      "under_investigation"}, "remediations": [{"category", "details", "product_ids"}], "flags", "threats", "scores"}]}
// A CPE is the repository that a package is from, and is the ecosystem as OSV writes it: "Red Hat:enterprise_linux:9::appstream".
// Products that are no rpm (containers, archives) are left out. The record is of the CVE; errata that fix it are references and
// `related`. deletions.csv beside the documents withdraws those that it names, as of its date:
//   "2023/cve-2023-0051.json","2024-02-14T10:00:00+00:00"
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "feed/affected.h"
#include "feed/csaf.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/words.h"

namespace peekr {
namespace {

using csaf::Products;
using json::element;
using json::Gaps;
using json::object;

// "Red Hat:enterprise_linux:9::appstream" of "cpe:/a:redhat:enterprise_linux:9::appstream"; empty: none of Red Hat's.
std::string ecosystem_of(std::string_view cpe) {
  constexpr std::string_view kVendor = ":redhat:";
  if (!cpe.starts_with("cpe:/") || cpe.substr(6, kVendor.size()) != kVendor) return {};
  return "Red Hat" + std::string(cpe.substr(6 + kVendor.size() - 1));
}

struct Words {
  std::string_view category, details;
};
// By product id. Views into the document.
using ByProduct = std::unordered_map<std::string_view, Words>;

// The product ids of an item of "remediations", "flags", "threats".
std::vector<std::string_view> products_of(object from, std::string_view key, const Gaps& gaps) {
  std::vector<std::string_view> ids;
  for (const element item : json::list(from, key, gaps)) {
    std::string_view id;
    if (item.get(id) == simdjson::SUCCESS) {
      ids.push_back(id);
    } else {
      gaps.add(key, "an item is not a text");
    }
  }
  return ids;
}

struct Said {
  ByProduct unfixed;  // remediations that say why there is no fix
  ByProduct flags;    // why it is not affected
  ByProduct impacts;  // severity
  std::unordered_map<std::string_view, std::string_view> vectors;
  std::set<std::string> errata, errata_urls;
};

void read_remediations(object vulnerability, const Gaps& gaps, Said& said) {
  for (const element item : json::list(vulnerability, "remediations", gaps)) {
    object one;
    std::string_view category, details, url;
    if (item.get(one) != simdjson::SUCCESS || !json::find(one, "category", category)) {
      gaps.add("remediations", "an item without category");
      continue;
    }
    json::find(one, "details", details);
    if (category == "vendor_fix" && json::find(one, "url", url)) {
      said.errata_urls.emplace(url);
      const std::string_view id = url.substr(url.rfind('/') + 1);
      if (id.starts_with("RH")) said.errata.emplace(id);
    }
    if (category != "no_fix_planned" && category != "none_available" && category != "fix_planned") continue;
    for (const std::string_view id : products_of(one, "product_ids", gaps))
      said.unfixed[id] = {category, details};
  }
}

void read_labels(object vulnerability, const Gaps& gaps, Said& said) {
  std::string_view text;
  object one;
  for (const element item : json::list(vulnerability, "flags", gaps)) {
    if (item.get(one) != simdjson::SUCCESS || !json::find(one, "label", text)) continue;
    for (const std::string_view id : products_of(one, "product_ids", gaps)) said.flags[id] = {text, {}};
  }
  for (const element item : json::list(vulnerability, "threats", gaps)) {
    std::string_view category;
    if (item.get(one) != simdjson::SUCCESS || !json::find(one, "details", text)) continue;
    if (!json::find(one, "category", category) || category != "impact") continue;
    for (const std::string_view id : products_of(one, "product_ids", gaps))
      said.impacts[id] = {category, text};
  }
  for (const element item : json::list(vulnerability, "scores", gaps)) {
    if (item.get(one) != simdjson::SUCCESS) continue;
    for (const char* version : {"cvss_v2", "cvss_v3", "cvss_v4"}) {
      object cvss;
      if (!json::find(one, version, cvss) || !json::find(cvss, "vectorString", text)) continue;
      for (const std::string_view id : products_of(one, "products", gaps)) said.vectors[id] = text;
    }
  }
}

// "Out of support scope", "Will not fix"; "Fix deferred", "Affected".
Standing unfixed_standing(const Words& words) {
  if (words.category == "no_fix_planned") {
    return words.details == "Out of support scope" ? Standing::end_of_life : Standing::wont_fix;
  }
  return words.details == "Fix deferred" ? Standing::deferred : Standing::affected;
}

enum class Status { fixed, affected, not_affected, investigated };

class Statements {
 public:
  Statements(const Products& products, const Said& said, const Gaps& gaps)
      : products_(products), said_(said), gaps_(gaps) {}

  void read(object status, std::string_view key, Status what, std::vector<Affected>& all) {
    for (const std::string_view id : products_of(status, key, gaps_)) {
      csaf::Placed placed;
      switch (products_.find(id, placed)) {
        case Products::Found::placed: add(id, placed, what, all); break;
        case Products::Found::unknown: ++unknown_; break;
        case Products::Found::other: break;
      }
    }
  }
  [[nodiscard]] std::size_t unknown() const { return unknown_; }

 private:
  void add(std::string_view id, const csaf::Placed& placed, Status what, std::vector<Affected>& all) const {
    const csaf::Component& component = *placed.component;
    Affected one{.ecosystem = ecosystem_of(placed.cpe), .package = component.name};
    if (one.ecosystem.empty()) return gaps_.add(id, "of no repository of Red Hat: " + printable(placed.cpe));
    one.key = component.arch == "src" ? KeyKind::source : KeyKind::binary;
    if (!component.arch.empty() && component.arch != "src") one.arches = {component.arch};
    one.module = placed.module;
    if (const auto impact = said_.impacts.find(id); impact != said_.impacts.end()) {
      one.urgency = impact->second.details;
    }
    if (const auto vector = said_.vectors.find(id); vector != said_.vectors.end()) {
      one.vectors = {std::string(vector->second)};
    }
    if (!judge(id, component, what, one)) return gaps_.add(id, "fixed in no version");
    all.push_back(std::move(one));
  }
  bool judge(std::string_view id, const csaf::Component& component, Status what, Affected& one) const {
    one.ranges = {{"ECOSYSTEM", {{Event::Kind::introduced, "0"}}}};
    if (what == Status::fixed) one.ranges[0].events.push_back({Event::Kind::fixed, component.evr});
    if (what == Status::investigated) one.standing = Standing::under_investigation;
    if (what == Status::affected) {
      if (const auto why = said_.unfixed.find(id); why != said_.unfixed.end()) {
        one.standing = unfixed_standing(why->second);
        one.reason = why->second.details;
      }
    }
    if (what == Status::not_affected) {
      one.standing = Standing::not_affected;
      one.ranges.clear();
      const auto why = said_.flags.find(id);
      if (why != said_.flags.end()) one.reason = why->second.category;
      one.urgency.clear();
      one.vectors.clear();
    }
    return what != Status::fixed || !component.evr.empty();
  }

  const Products& products_;
  const Said& said_;
  const Gaps& gaps_;
  std::size_t unknown_ = 0;
};

// What all entries have in common is said once, of the whole.
void lift(Advisory& one) {
  std::set<std::vector<std::string>> vectors;
  for (const Affected& entry : one.affected) {
    if (!entry.vectors.empty()) vectors.insert(entry.vectors);
  }
  if (vectors.size() == 1) one.vectors = *vectors.begin();
  for (Affected& entry : one.affected) {
    if (vectors.size() == 1) entry.vectors.clear();
    if (entry.urgency == one.severity) entry.urgency.clear();
  }
}

// The first text of a list of notes with that category.
std::string note_text(object vulnerability, std::string_view wanted, const Gaps& gaps) {
  for (const element item : json::list(vulnerability, "notes", gaps)) {
    object one;
    std::string_view category, text;
    if (item.get(one) != simdjson::SUCCESS || !json::find(one, "category", category)) continue;
    if (category == wanted && json::find(one, "text", text)) return std::string(text);
  }
  return {};
}

void read_vulnerability(object vulnerability, const Products& products, const Gaps& gaps, Advisory& one) {
  Said said;
  read_remediations(vulnerability, gaps, said);
  read_labels(vulnerability, gaps, said);
  one.details = note_text(vulnerability, "description", gaps);
  if (one.summary.empty()) one.summary = json::text(vulnerability, "title", gaps);
  one.related.assign(said.errata.begin(), said.errata.end());
  for (const std::string& url : said.errata_urls) one.references.push_back({"FIX", url});
  for (const element item : json::list(vulnerability, "references", gaps)) {
    object reference;
    std::string_view category, url;
    if (item.get(reference) != simdjson::SUCCESS || !json::find(reference, "url", url)) continue;
    json::find(reference, "category", category);
    one.references.push_back({category == "self" ? "ADVISORY" : "WEB", std::string(url)});
  }
  object status, weakness;
  std::string_view cwe;
  if (json::find(vulnerability, "cwe", weakness) && json::find(weakness, "id", cwe))
    one.weaknesses.emplace_back(cwe);
  if (!json::find(vulnerability, "product_status", status)) return;
  Statements statements(products, said, gaps);
  statements.read(status, "fixed", Status::fixed, one.affected);
  statements.read(status, "known_affected", Status::affected, one.affected);
  statements.read(status, "known_not_affected", Status::not_affected, one.affected);
  statements.read(status, "under_investigation", Status::investigated, one.affected);
  if (statements.unknown() > 0) {
    gaps.add("product_status", std::to_string(statements.unknown()) + " products are not in the tree");
  }
}

std::string date_of(object from, std::string_view key, const Gaps& gaps) {
  const std::string written = json::text(from, key, gaps);
  std::string date = rfc3339(written);
  if (date.empty() && !written.empty()) gaps.add(key, "not a date");
  return date;
}

bool is_cve(std::string_view id) {
  const std::vector<std::string> found = cves_in(id);
  return found.size() == 1 && found[0] == id;
}

void read_document(object root, Gaps& gaps, Published& out) {
  object document, tracking, severity, tree;
  if (!json::find(root, "document", document) || !json::find(document, "tracking", tracking)) {
    return gaps.add("document", "without tracking: left out");
  }
  const std::string cve = json::text(tracking, "id", gaps);
  gaps.record = cve;
  if (!is_cve(cve)) return gaps.add("document.tracking.id", "no CVE: left out");
  Advisory one{.id = "REDHAT-" + cve, .publisher = "Red Hat", .upstream = {cve}};
  one.published = date_of(tracking, "initial_release_date", gaps);
  one.modified = date_of(tracking, "current_release_date", gaps);
  one.summary = json::text(document, "title", gaps);
  if (json::find(document, "aggregate_severity", severity)) one.severity = json::text(severity, "text", gaps);
  Products products;
  if (json::find(root, "product_tree", tree)) products.read(tree, gaps);
  for (const element item : json::list(root, "vulnerabilities", gaps)) {
    object vulnerability;
    if (item.get(vulnerability) == simdjson::SUCCESS) {
      read_vulnerability(vulnerability, products, gaps, one);
    } else {
      gaps.add("vulnerabilities", "an item is not an object");
    }
  }
  lift(one);
  merge_architectures(one.affected);
  out.advisories.push_back(std::move(one));
}

bool is_deletions(std::string_view name, std::string_view bytes) {
  constexpr std::string_view kName = "deletions.csv";
  return name.ends_with(kName) && bytes.substr(0, 200).find("/cve-") != std::string_view::npos;
}

void parse_redhat(std::string_view name, std::string_view bytes, Published& out) {
  Gaps gaps{Path(name), "", out.notes};
  if (name.ends_with("deletions.csv")) {
    return csaf::read_deletions(bytes, {"REDHAT-", "Red Hat"}, gaps, out);
  }
  simdjson::dom::parser parser;
  element document;
  if (!json::parse(parser, bytes, gaps, document)) return;
  object root;
  if (document.get(root) != simdjson::SUCCESS) return gaps.add("", "not an object");
  read_document(root, gaps, out);
}

bool recognises_redhat(std::string_view name, std::string_view bytes) {
  constexpr std::size_t kHead = 16384;  // "document" is the first field
  if (is_deletions(name, bytes)) return true;
  const std::string_view head = bytes.substr(0, kHead);
  return std::ranges::all_of(std::array{"\"csaf_vex\"", "\"https://www.redhat.com\""},
                             [&](const char* key) { return contains(head, key); });
}

constexpr Origin kOrigins[] = {
    {.name = "redhat",
     .url = "https://security.access.redhat.com/data/csaf/v2/vex/archive_latest.txt",
     .ecosystems = "Red Hat",
     .delta = Delta::csaf,
     .licence = "CC-BY-4.0"},
};

}  // namespace

namespace feeds {
extern const Feed redhat;
constexpr Feed redhat = {
    .name = "redhat",
    .about = "Red Hat's CSAF VEX, also for CentOS",
    .origins = kOrigins,
    .recognises = recognises_redhat,
    .parse = parse_redhat,
};
}  // namespace feeds

}  // namespace peekr
