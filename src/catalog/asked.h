// SPDX-License-Identifier: Apache-2.0
// What a project of Node.js asks for in its package.json (npm.cc), and of which names it chooses all versions.
#pragma once

#include <utility>
#include <vector>

#include "catalog/parts.h"

namespace peekr {

// What such a file says, and where it is.
using ProjectClaim = std::pair<const Path*, const Claim*>;

// Says it of the packages: asked, essential, pin.
void add_asked(const Tree& tree, const std::vector<ProjectClaim>& claims, std::vector<Package>& packages);

}  // namespace peekr
