// SPDX-License-Identifier: Apache-2.0
// The versions of a package that records speak of as fixed: those that are there to go to, as far as is known.
#pragma once

#include <string>
#include <vector>

#include "db/db.h"
#include "model/package.h"

namespace peekr {

// For each package those above its own version, the lowest first, and no more than so many.
inline constexpr std::size_t kMostFixedVersions = 64;
[[nodiscard]] Result<std::vector<std::vector<std::string>>> fixed_versions(const Inventory& inventory,
                                                                           const Db& db);

}  // namespace peekr
