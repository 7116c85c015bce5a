// SPDX-License-Identifier: Apache-2.0
// Scheme: how one kind of package orders its versions. One file a scheme, one line in schemes.def.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string_view>

namespace peekr {

struct Scheme {
  std::string_view name, about;
  // The order of two versions exactly as the native tool has it; nothing when one of them is no version of this scheme.
  std::optional<std::strong_ordering> (*compare)(std::string_view a, std::string_view b);
};

[[nodiscard]] std::span<const Scheme* const> all_schemes();      // by name
[[nodiscard]] const Scheme* find_scheme(std::string_view name);  // null: there is none

}  // namespace peekr
