// SPDX-License-Identifier: Apache-2.0
// Names of NVD's dictionary (CPE 2.3, NISTIR 7695, "formatted string"): "cpe:2.3:a:gnu:glibc:2.9:*:*:*:*:*:*:*".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// Split at colons that no backslash precedes, backslashes taken away: "cpe", "2.3", "a", "gnu", "glibc", ...
[[nodiscard]] std::vector<std::string> cpe_parts(std::string_view text);

}  // namespace peekr
