// SPDX-License-Identifier: Apache-2.0
// Which of the texts that packages call their licence a reader of SPDX or CycloneDX can be made to believe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// Whether it is an identifier of the SPDX licence list, of those that are seen most.
[[nodiscard]] bool is_spdx_license(std::string_view text);
// All of the licences as one expression (SPDX 2.3, annex D). Empty: there is none, or some text is no expression of such identifiers.
[[nodiscard]] std::string spdx_expression(const std::vector<std::string>& licenses);

}  // namespace peekr
