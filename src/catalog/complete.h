// SPDX-License-Identifier: Apache-2.0
// How complete the inventory is: what of the executables is accounted for.
#pragma once

#include <vector>

#include "catalog/owner.h"
#include "image/tree.h"

namespace peekr {

// Reads files again whose digest is wanted and was not worked out as they went by: executables that nobody owns; of those that a
// package lists, where packages were found in them, that a layer has over a copy in a lower one, and with Verify::full all. Owners are those of find_owners().
[[nodiscard]] Digests digests_again(const Image& image, const Tree& tree, const Owners& owners,
                                    const ReadOptions& read, Inventory& inventory);

// Counts the executables of the final tree. Owners are those of find_owners().
[[nodiscard]] Completeness complete(const Tree& tree, const Owners& owners,
                                    const std::vector<Package>& packages);

}  // namespace peekr
