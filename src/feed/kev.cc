// SPDX-License-Identifier: Apache-2.0
// CISA's catalogue of Known Exploited Vulnerabilities (cisa.gov/known-exploited-vulnerabilities-catalog):
//   {"catalogVersion": "2025.08.25", "dateReleased": "2025-08-25T17:04:19.9796Z", "vulnerabilities": [
//    {"cveID": "CVE-2014-0160", "dateAdded": "2022-05-04", "dueDate": "2022-05-25",
//     "requiredAction": "Apply updates ..", "knownRansomwareCampaignUse": "Known", ..}]}
#include <simdjson.h>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

void read_entry(element item, const std::string& day, Gaps& gaps, std::vector<Risk>& risks) {
  gaps.record.clear();
  object fields;
  if (item.get(fields) != simdjson::SUCCESS) return gaps.add("vulnerabilities", "an item is not an object");
  Risk one{.cve = json::text(fields, "cveID", gaps), .source = "CISA KEV", .date = day, .kev = Kev{}};
  if (!one.cve.starts_with("CVE-") || printable(one.cve) != one.cve) {
    return gaps.add("cveID", "not a CVE: entry left out");
  }
  gaps.record = one.cve;
  one.kev->added = json::text(fields, "dateAdded", gaps);
  one.kev->due = json::text(fields, "dueDate", gaps);
  one.kev->action = json::text(fields, "requiredAction", gaps);
  one.kev->ransomware = json::text(fields, "knownRansomwareCampaignUse", gaps) == "Known";
  risks.push_back(std::move(one));
}

void parse_kev(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element document;
  if (!json::parse(parser, bytes, gaps, document)) return;
  object root;
  if (document.get(root) != simdjson::SUCCESS) return gaps.add("", "not an object");
  const std::string day = json::text(root, "dateReleased", gaps).substr(0, 10);
  if (day.empty()) return gaps.add("dateReleased", "none: document left out");
  const std::vector<element> items = json::list(root, "vulnerabilities", gaps);
  if (items.empty()) gaps.add("vulnerabilities", "none");
  for (const element item : items) read_entry(item, day, gaps, out.risks);
}

// Its JSON schema has all the names, too.
bool recognises_kev(std::string_view /*name*/, std::string_view bytes) {
  const auto has = [&](std::string_view key) { return contains(bytes, key); };
  return has("\"catalogVersion\"") && has("\"vulnerabilities\"") && !has("\"$schema\"");
}

constexpr Origin kOrigins[] = {
    {.name = "kev",
     .url = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
     .ecosystems = "*",
     .licence = "CC0-1.0"},
};

}  // namespace

namespace feeds {
extern const Feed kev;
constexpr Feed kev = {
    .name = "kev",
    .about = "CISA's catalogue of known exploited vulnerabilities",
    .origins = kOrigins,
    .recognises = recognises_kev,
    .parse = parse_kev,
};
}  // namespace feeds

}  // namespace peekr
