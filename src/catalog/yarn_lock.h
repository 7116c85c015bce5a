// SPDX-License-Identifier: Apache-2.0
// What a lock file of Yarn says beside its packages.
#pragma once

#include <string_view>

namespace peekr {

// Claim::package of one of Yarn 2 or later, whose commands are others than those of Yarn 1.
inline constexpr std::string_view kBerry = "berry";

}  // namespace peekr
