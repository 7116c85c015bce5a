// SPDX-License-Identifier: Apache-2.0
// Whose a Node.js project is, by the lock file beside its package.json.
#pragma once

#include <vector>

#include "catalog/parts.h"

namespace peekr {

// Package::lock of what lies in a project's node_modules: whose lock file beside it lists the package, "yarn"; of one that is there
// in another version than that has, put there by hand since, the versions that come back as well: "npm 4.17.4". Empty: none lists it.
void add_locks(const std::vector<Part>& parts, std::vector<Package>& packages);

}  // namespace peekr
