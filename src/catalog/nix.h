// SPDX-License-Identifier: Apache-2.0
// What lies in a Nix store.
#pragma once

#include <vector>

#include "image/tree.h"

namespace peekr {

// The packages of nix/store by the names of its folders, where Nix's database did not say which they are. `packages` are
// sorted by type, and stay so.
void add_nix_store(const Tree& tree, std::vector<Package>& packages);

}  // namespace peekr
