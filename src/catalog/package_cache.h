// SPDX-License-Identifier: Apache-2.0
// What package managers keep of what they have fetched (apt's archives, dnf's packages, ...). An archive of just the package that is
// installed tells nothing that the package database does not.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/package.h"

namespace peekr {

// Takes out of `archives` (paths) those that lie where the package manager of their root file system keeps them, and are called as it
// calls what is installed there. An older release of that, or what was only fetched, stays.
void drop_of_installed(const std::vector<Package>& packages, std::set<std::string>& archives);

}  // namespace peekr
