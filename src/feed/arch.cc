// SPDX-License-Identifier: Apache-2.0
// Arch Linux's security tracker (security.archlinux.org/all.json): groups of packages with the same vulnerabilities:
//   [{"name": "AVG-20", "packages": ["curl"], "status": "Fixed", "severity": "Low", "type": "denial of service",
//     "affected": "7.50.2-1", "fixed": "7.50.3-1", "ticket": null, "issues": ["CVE-2016-7167"], "advisories": ["ASA-201609-19"]}]
// status: Vulnerable, Testing (the fix is not yet in the stable repositories), Fixed, Not affected, Unknown.
#include <simdjson.h>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/range.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

// Fills ranges, standing and reason; false: a Note says what is not understood.
bool verdict(object group, const Gaps& gaps, Affected& one) {
  const std::string status = json::text(group, "status", gaps), fixed = json::text(group, "fixed", gaps);
  const std::string version = json::text(group, "affected", gaps);
  if (!version.empty()) one.reason = status + ": " + version;
  if (status == "Not affected") {
    one.standing = Standing::not_affected;
    return true;
  }
  one.ranges = {below(fixed)};
  if (status == "Unknown") {
    one.standing = Standing::under_investigation;
  } else if (status == "Fixed" && fixed.empty()) {
    gaps.add("fixed", "none, though the status is Fixed");
    return false;
  } else if (status != "Vulnerable" && status != "Testing" && status != "Fixed") {
    gaps.add("status", "unknown: " + printable(status));
    return false;
  }
  return true;
}

void read_group(element item, Gaps& gaps, std::vector<Advisory>& advisories) {
  object group;
  Advisory one{.id = json::record(item, "name", gaps, group), .publisher = "Arch Linux"};
  if (one.id.empty()) return;
  one.upstream = json::texts(group, "issues", gaps);
  one.related = json::texts(group, "advisories", gaps);
  one.summary = json::text(group, "type", gaps);
  one.severity = json::text(group, "severity", gaps);
  one.references = {{"ADVISORY", "https://security.archlinux.org/" + one.id}};
  const std::string ticket = json::text(group, "ticket", gaps);
  if (!ticket.empty()) one.references.push_back({"REPORT", "https://bugs.archlinux.org/task/" + ticket});
  Affected affected{.ecosystem = "Arch Linux"};
  if (!verdict(group, gaps, affected)) return;
  for (std::string& package : json::texts(group, "packages", gaps)) {
    affected.package = std::move(package);
    one.affected.push_back(affected);
  }
  if (one.affected.empty()) return gaps.add("packages", "none");
  advisories.push_back(std::move(one));
}

void parse_arch(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element root;
  simdjson::dom::array groups;
  if (!json::parse(parser, bytes, gaps, root)) return;
  if (root.get(groups) != simdjson::SUCCESS) return gaps.add("", "not a list");
  std::size_t index = 0;
  for (const element group : groups) {
    gaps.record = "[" + std::to_string(index++) + "]";
    read_group(group, gaps, out.advisories);
  }
}

bool recognises_arch(std::string_view /*name*/, std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  return bytes.starts_with('[') && bytes.substr(0, 4096).find("\"AVG-") != std::string_view::npos;
}

constexpr Origin kOrigins[] = {
    {.name = "arch", .url = "https://security.archlinux.org/all.json", .ecosystems = "Arch Linux"},
};

}  // namespace

namespace feeds {
extern const Feed arch;
constexpr Feed arch = {
    .name = "arch",
    .about = "Arch Linux's security tracker, all.json",
    .origins = kOrigins,
    .recognises = recognises_arch,
    .parse = parse_arch,
};
}  // namespace feeds

}  // namespace peekr
