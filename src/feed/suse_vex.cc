// SPDX-License-Identifier: Apache-2.0
// SUSE's CSAF VEX (ftp.suse.com/pub/projects/security/csaf-vex/cve-2023-38545.json; docs.oasis-open.org/csaf/csaf/v2.0), one
// document a CVE. Products are named, components are binary packages, with a version where there is a fix:
//   {"document": {"category": "csaf_vex", "aggregate_severity": {"text": "important"}, "publisher": {"namespace":
//      "https://www.suse.com/"}, "tracking": {"id": "CVE-2023-38545", "current_release_date", "initial_release_date"}},
//    "product_tree": {"relationships": [{"product_reference": "curl-8.0.1-150400.5.32.1", "relates_to_product_reference":
//      "SUSE Linux Enterprise Server 15 SP5", "full_product_name": {"product_id":
//      "SUSE Linux Enterprise Server 15 SP5:curl-8.0.1-150400.5.32.1"}}]},
//    "vulnerabilities": [{"cve", "notes": [{"category": "general", "text"}], "product_status": {"recommended": [ids],
//      "known_affected", "known_not_affected", "under_investigation"}, "scores": [{"cvss_v3": {"vectorString"}}]}]}
// "recommended" is what fixes it. A product with many names for one service pack is judged once, as in OVAL (feed/suse.h).
#include <simdjson.h>

#include <array>
#include <map>

#include "base/text.h"
#include "feed/affected.h"
#include "feed/csaf.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/range.h"
#include "feed/suse.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

constexpr csaf::Publisher kSuse{"SUSE-VEX-", "SUSE"};

struct Part {
  std::string_view component, product;
};
using Parts = std::map<std::string_view, Part>;  // by product id; views into the document

Parts read_parts(object root, const Gaps& gaps) {
  Parts parts;
  object tree;
  if (!json::find(root, "product_tree", tree)) return parts;
  std::size_t unnamed = 0;
  for (const element item : json::list(tree, "relationships", gaps)) {
    object one, name;
    std::string_view id;
    Part part;
    const bool whole = item.get(one) == simdjson::SUCCESS && json::find(one, "full_product_name", name) &&
                       json::find(name, "product_id", id) &&
                       json::find(one, "product_reference", part.component) &&
                       json::find(one, "relates_to_product_reference", part.product);
    if (whole) parts.emplace(id, part);
    unnamed += !whole;
  }
  if (unnamed > 0) gaps.add("product_tree", std::to_string(unnamed) + " relationships without their names");
  return parts;
}

// "libcurl4-8.0.1-150400.5.32.1.x86_64" -> "libcurl4", "8.0.1-150400.5.32.1", "x86_64". A name alone has no version: a release
// of SUSE's has a dot, "gcc7-32bit" has none.
struct Component {
  std::string name, version, arch;
};
Component component_of(std::string_view text) {
  Component out;
  for (const std::string_view arch :
       {"x86_64", "aarch64", "s390x", "ppc64le", "i586", "i686", "armv7hl", "noarch", "src"}) {
    if (!text.ends_with(arch) || text.size() <= arch.size() + 1 || text[text.size() - arch.size() - 1] != '.')
      continue;
    if (arch != "noarch") out.arch = arch;
    text.remove_suffix(arch.size() + 1);
    break;
  }
  out.name = text;
  const std::size_t release = text.rfind('-');
  if (release == std::string_view::npos || release == 0) return out;
  const std::size_t version = text.rfind('-', release - 1);
  if (version == std::string_view::npos || version == 0) return out;
  if (text.find('.', release) == std::string_view::npos || !is_digit(text[version + 1])) return out;
  out.name = text.substr(0, version);
  out.version = text.substr(version + 1);
  return out;
}

struct Status {
  std::string_view key;
  Standing standing{};
};
constexpr std::string_view kFixes = "recommended";
constexpr std::array kStatuses = {
    Status{kFixes, Standing::affected},
    Status{"known_affected", Standing::affected},
    Status{"known_not_affected", Standing::not_affected},
    Status{"under_investigation", Standing::under_investigation},
};

class Statements {
 public:
  Statements(const Parts& parts, const Gaps& gaps) : parts_(parts), gaps_(gaps) {}

  void read(object statuses, const Status& what, std::vector<Affected>& all) const {
    std::map<std::string_view, std::vector<std::string>> products;  // by component
    std::size_t unknown = 0;
    for (const element item : json::list(statuses, what.key, gaps_)) {
      std::string_view id;
      const auto part = item.get(id) == simdjson::SUCCESS ? parts_.find(id) : parts_.end();
      if (part == parts_.end()) {
        ++unknown;
      } else {
        products[part->second.component].emplace_back(part->second.product);
      }
    }
    if (unknown > 0) gaps_.add(what.key, std::to_string(unknown) + " products are not in the tree");
    for (const auto& [component, names] : products) add(component, names, what, all);
  }

 private:
  void add(std::string_view component, const std::vector<std::string>& names, const Status& what,
           std::vector<Affected>& all) const {
    const bool fixes = what.key == kFixes;
    const Component package = component_of(component);
    if (fixes && package.version.empty()) return gaps_.add(component, "fixed in no version");
    std::vector<std::string> unknown;
    for (std::string& ecosystem : suse::ecosystems_of(names, unknown)) {
      Affected one{.ecosystem = std::move(ecosystem), .package = package.name, .standing = what.standing};
      one.key = package.arch == "src" ? KeyKind::source : KeyKind::binary;
      if (!package.arch.empty() && package.arch != "src") one.arches = {package.arch};
      if (what.standing != Standing::not_affected) one.ranges = {below(fixes ? package.version : "")};
      all.push_back(std::move(one));
    }
    for (const std::string& product : unknown)
      gaps_.add(component, "of no product of SUSE: " + printable(product));
  }

  const Parts& parts_;
  const Gaps& gaps_;
};

void read_vulnerability(object vulnerability, const Parts& parts, const Gaps& gaps, Advisory& one) {
  for (const element item : json::list(vulnerability, "notes", gaps)) {
    object note;
    std::string_view category, text;
    if (item.get(note) != simdjson::SUCCESS || !json::find(note, "category", category)) continue;
    if (category == "general" && one.details.empty() && json::find(note, "text", text)) one.details = text;
  }
  for (const element item : json::list(vulnerability, "scores", gaps)) {
    object score, cvss;
    std::string_view vector;
    if (item.get(score) != simdjson::SUCCESS) continue;
    for (const char* version : {"cvss_v3", "cvss_v4"}) {
      if (!json::find(score, version, cvss) || !json::find(cvss, "vectorString", vector)) continue;
      if (std::ranges::find(one.vectors, vector) == one.vectors.end()) one.vectors.emplace_back(vector);
    }
  }
  object statuses;
  if (!json::find(vulnerability, "product_status", statuses)) return;
  const Statements statements(parts, gaps);
  for (const Status& what : kStatuses) statements.read(statuses, what, one.affected);
}

void read_document(object root, Gaps& gaps, Published& out) {
  object document, tracking, severity;
  if (!json::find(root, "document", document) || !json::find(document, "tracking", tracking))
    return gaps.add("document", "without tracking: left out");
  const std::string cve = json::text(tracking, "id", gaps);
  if (cves_in(cve) != std::vector<std::string>{cve})
    return gaps.add("document.tracking.id", "no CVE: left out");
  gaps.record = cve;
  Advisory one{
      .id = std::string(kSuse.prefix) + cve, .publisher = std::string(kSuse.name), .upstream = {cve}};
  one.published = rfc3339(json::text(tracking, "initial_release_date", gaps));
  one.modified = rfc3339(json::text(tracking, "current_release_date", gaps));
  if (json::find(document, "aggregate_severity", severity)) one.severity = json::text(severity, "text", gaps);
  one.references.push_back({"ADVISORY", "https://www.suse.com/security/cve/" + cve + ".html"});
  const Parts parts = read_parts(root, gaps);
  for (const element item : json::list(root, "vulnerabilities", gaps)) {
    object vulnerability;
    if (item.get(vulnerability) == simdjson::SUCCESS) {
      read_vulnerability(vulnerability, parts, gaps, one);
    } else {
      gaps.add("vulnerabilities", "an item is not an object");
    }
  }
  merge_architectures(one.affected);
  out.advisories.push_back(std::move(one));
}

bool is_deletions(std::string_view name) { return name.ends_with("csaf-vex/deletions.csv"); }

void parse_suse_vex(std::string_view name, std::string_view bytes, Published& out) {
  Gaps gaps{Path(name), "", out.notes};
  if (is_deletions(name)) return csaf::read_deletions(bytes, kSuse, gaps, out);
  simdjson::dom::parser parser;
  element document;
  object root;
  if (!json::parse(parser, bytes, gaps, document)) return;
  if (document.get(root) != simdjson::SUCCESS) return gaps.add("", "not an object");
  read_document(root, gaps, out);
}

bool recognises_suse_vex(std::string_view name, std::string_view bytes) {
  constexpr std::size_t kHead = 65536;  // "document" is the first field, and has notes
  if (is_deletions(name)) return true;
  const std::string_view head = bytes.substr(0, kHead);
  return std::ranges::all_of(std::array{"\"csaf_vex\"", "\"https://www.suse.com/\""},
                             [&](const char* key) { return contains(head, key); });
}

// 400 MB: what OVAL says of the same is less, and enough for an image.
constexpr Origin kOrigins[] = {
    {.name = "suse-vex",
     .url = "https://ftp.suse.com/pub/projects/security/csaf-vex.tar.bz2",
     .speaks_of = "SUSE|openSUSE",
     .delta = Delta::csaf,
     .licence = "CC-BY-4.0"},
};

}  // namespace

namespace feeds {
extern const Feed suse_vex;
constexpr Feed suse_vex = {
    .name = "suse-vex",
    .about = "SUSE's CSAF VEX",
    .origins = kOrigins,
    .recognises = recognises_suse_vex,
    .parse = parse_suse_vex,
};
}  // namespace feeds

}  // namespace peekr
