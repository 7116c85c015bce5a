// SPDX-License-Identifier: Apache-2.0
// One text in much of another, as in a program of 50 MB.
#pragma once

#include <cstddef>
#include <string_view>

namespace peekr {

// Where `part` stands first from `at` on, as std::string_view::find says it; but that one stops at each byte that is the first of
// `part`, and in programs and documents those are many.
[[nodiscard]] std::size_t find_in(std::string_view bytes, std::string_view part, std::size_t at = 0);

}  // namespace peekr
