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
  bool local = false;  // "+cu121" at the end is somebody's build of a version
};

// A version against the bound of a range, which without a local part is about every build of that version: "2.4.1+cu121" is
// 2.4.1, though it is above it in the order.
[[nodiscard]] std::optional<std::strong_ordering> against_bound(const Scheme& scheme,
                                                                std::string_view version,
                                                                std::string_view bound);

[[nodiscard]] std::span<const Scheme* const> all_schemes();      // by name
[[nodiscard]] const Scheme* find_scheme(std::string_view name);  // null: there is none

}  // namespace peekr
