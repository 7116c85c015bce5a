// SPDX-License-Identifier: Apache-2.0
// Red Hat Enterprise Linux as Red Hat's CPEs name it: a product for the usual repositories, one for each that only some
// subscribers have.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace peekr {

struct RhelProduct {
  std::string_view name;    // "rhel_eus" of "cpe:/o:redhat:rhel_eus:9.2::baseos"
  std::string_view stream;  // empty: the usual repositories
};

// From 10 on the product of EUS is "enterprise_linux_eus".
inline constexpr std::array<RhelProduct, 8> kRhelProducts = {{
    {"enterprise_linux", ""},
    {"enterprise_linux_eus", "eus"},
    {"rhel_aus", "aus"},
    {"rhel_e4s", "e4s"},
    {"rhel_els", "els"},
    {"rhel_eus", "eus"},
    {"rhel_eus_long_life", "eus_long_life"},
    {"rhel_tus", "tus"},
}};

// The stream of that product; nothing where it is another one of Red Hat's, or somebody else's.
[[nodiscard]] std::optional<std::string_view> rhel_stream(std::string_view product);

}  // namespace peekr
