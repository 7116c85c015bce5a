// SPDX-License-Identifier: Apache-2.0
// Small readers of what publishers write in many spellings. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// "2018-02-07 18:49", "2021-04-30", "2025-06-11T19:52:52Z", "2024-04-23T17:29:39.1+00:00" as RFC 3339 with whole
// seconds, "Z" where no other zone is said. Empty when it is no date.
[[nodiscard]] std::string rfc3339(std::string_view text);
// The CVE ids in a text, each once, in their order.
[[nodiscard]] std::vector<std::string> cves_in(std::string_view text);

// Whether it stands anywhere in there. Feeds look so into every document: std::string_view::find stops at each quotation mark.
[[nodiscard]] bool contains(std::string_view bytes, std::string_view part);

}  // namespace peekr
