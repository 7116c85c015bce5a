// SPDX-License-Identifier: Apache-2.0
// What the feeds that describe CVEs, not packages, share (nvd, cve5).
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "feed/json.h"
#include "model/advisory.h"

namespace peekr::cve {

// When a record was withdrawn that does not say when: nothing holds of it.
constexpr std::string_view kNoDate = "1970-01-01T00:00:00Z";

// "CVE-2015-7547" and nothing else: the year, and four to nineteen digits.
[[nodiscard]] bool is_id(std::string_view text);
// NVD writes UTC without saying so: "2016-02-18T21:59:00.120". RFC 3339 wants the Z. Empty stays empty.
[[nodiscard]] std::string utc(std::string time);
// A CWE that is one: NVD also has "NVD-CWE-noinfo".
void add_cwe(std::string_view text, std::vector<std::string>& cwes);
// The English one of {"lang": "en", "value": ".."}, or the first.
[[nodiscard]] std::string description(json::object from, const json::Gaps& gaps);
// {"url": "..", "tags": ["Exploit", ..]}: with OSV's type for what the tags say; each URL once.
void add_references(json::object from, const json::Gaps& gaps, std::set<std::string>& seen,
                    std::vector<Reference>& references);

}  // namespace peekr::cve
