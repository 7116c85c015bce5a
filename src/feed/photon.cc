// SPDX-License-Identifier: Apache-2.0
// Photon OS (packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon5.0.json), one document a release:
//   [{"cve_id": "CVE-2023-38545", "pkg": "curl", "cve_score": 9.8, "aff_ver": "all versions before 8.1.2-4.ph5 are vulnerable",
//     "res_ver": "8.1.2-4.ph5", "status": "Fixed"}]
// status is "Fixed" or "Not Affected"; 5.0 has none. res_ver "NA": no version is fixed. Packages are sources and, in later
// releases, what is built of them, too. Which release it is, the fixed versions end in (.ph5), else the document's name tells.
// What comes out is one Advisory a release and id: "PHOTON-5.0-CVE-2023-38545".
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/range.h"
#include "model/cvss.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

constexpr std::string_view kNone = "NA";

// "5.0" of "7.88.1-4.ph5"; empty: it does not say.
std::string release_of_version(std::string_view version) {
  const std::size_t at = version.rfind(".ph");
  const std::string_view number = at == std::string_view::npos ? std::string_view() : version.substr(at + 3);
  return to_number(number) ? std::string(number) + ".0" : std::string();
}

// "5.0" of ".../cve_data_photon5.0.json".
std::string release_of_name(std::string_view name) {
  constexpr std::string_view kMark = "cve_data_photon";
  const std::size_t at = name.rfind(kMark);
  if (at == std::string_view::npos) return {};
  std::string_view rest = name.substr(at + kMark.size());
  std::size_t end = 0;
  while (end < rest.size() && (is_digit(rest[end]) || rest[end] == '.')) ++end;
  rest = rest.substr(0, end);
  while (rest.ends_with('.')) rest.remove_suffix(1);
  return std::string(rest);
}

std::string release_of(std::string_view name, simdjson::dom::array rows) {
  for (const element row : rows) {
    object fields;
    std::string_view version;
    if (row.get(fields) != simdjson::SUCCESS || !json::find(fields, "res_ver", version)) continue;
    if (std::string release = release_of_version(version); !release.empty()) return release;
  }
  return release_of_name(name);
}

class Reader {
 public:
  using Found = std::map<std::string, Advisory>;
  Reader(std::string release, Gaps& gaps, Found& found)
      : release_(std::move(release)), gaps_(gaps), found_(found) {}

  void row(element item, const std::string& where) {
    object fields;
    gaps_.record = where;
    if (item.get(fields) != simdjson::SUCCESS) return gaps_.add("", "not an object");
    const std::string id = json::text(fields, "cve_id", gaps_), package = json::text(fields, "pkg", gaps_);
    if (id.empty() || package.empty() || printable(id) != id) return gaps_.add("", "without cve_id or pkg");
    gaps_.record += ": " + id + ": " + package;
    Affected affected{.ecosystem = "Photon OS:" + release_, .package = package};
    if (!verdict(fields, affected)) return;
    Advisory& one = found_[id];
    one.id = "PHOTON-" + release_ + "-" + id;
    one.publisher = "Photon OS";
    one.upstream = {id};
    score(fields, one);
    one.affected.push_back(std::move(affected));
  }

 private:
  bool verdict(object fields, Affected& one) const {
    const std::string status = json::text(fields, "status", gaps_),
                      fixed = json::text(fields, "res_ver", gaps_);
    if (status == "Not Affected") {
      one.standing = Standing::not_affected;
      return true;
    }
    if (!status.empty() && status != "Fixed") {
      gaps_.add("status", "unknown: " + printable(status));
      return false;
    }
    if (fixed.empty()) {
      gaps_.add("res_ver", "none");
      return false;
    }
    one.ranges = {below(fixed == kNone ? "" : fixed)};
    // "Fixed" in no version: the one or the other is wrong.
    if (fixed == kNone && !status.empty()) {
      one.standing = Standing::under_investigation;
      one.reason = "Fixed, in no version";
    }
    return true;
  }

  // A score without its vector: the word that it stands for is kept as the severity, of several packages the worst.
  void score(object fields, Advisory& one) const {
    double value = 0;
    if (fields.at_key("cve_score").get(value) != simdjson::SUCCESS || value <= 0 || value > 10) return;
    const Severity severity = severity_of_score(value, "CVSS:3.1");
    if (severity <= severity_of_word(one.severity)) return;
    one.severity = name(severity);
    one.details = fmt::format("CVSS score: {:.1f}", value);
  }

  std::string release_;
  Gaps& gaps_;
  Found& found_;
};

void parse_photon(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element root;
  simdjson::dom::array rows;
  if (!json::parse(parser, bytes, gaps, root)) return;
  if (root.get(rows) != simdjson::SUCCESS) return gaps.add("", "not a list");
  const std::string release = release_of(name, rows);
  if (release.empty()) return gaps.add("", "no release in it nor in its name: document left out");
  Reader::Found found;
  Reader reader(release, gaps, found);
  std::size_t index = 0;
  for (const element row : rows) reader.row(row, "[" + std::to_string(index++) + "]");
  for (auto& [id, one] : found) out.advisories.push_back(std::move(one));
}

bool recognises_photon(std::string_view /*name*/, std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  const std::string_view head = bytes.substr(0, 4096);
  return bytes.starts_with('[') && head.find("\"cve_id\"") != std::string_view::npos &&
         head.find("\"res_ver\"") != std::string_view::npos;
}

constexpr Origin kOrigins[] = {
    {.name = "photon",
     .url = "https://packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon{}.json",
     .values = "1.0|2.0|3.0|4.0|5.0|*",
     .ecosystems = "Photon OS:{}"},
};

}  // namespace

namespace feeds {
extern const Feed photon;
constexpr Feed photon = {
    .name = "photon",
    .about = "Photon OS's vulnerabilities, JSON",
    .origins = kOrigins,
    .recognises = recognises_photon,
    .parse = parse_photon,
};
}  // namespace feeds

}  // namespace peekr
