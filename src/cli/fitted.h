// SPDX-License-Identifier: Apache-2.0
// The text of --help for a terminal of any width.
#pragma once

#include <string>
#include <string_view>

namespace peekr {

// Lines of at most that many columns: what stands in two of them keeps them, what is one paragraph stays one, and what is to be typed is
// left as it is.
[[nodiscard]] std::string fitted(std::string_view help, std::size_t width);

}  // namespace peekr
