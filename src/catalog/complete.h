// SPDX-License-Identifier: Apache-2.0
// How complete the inventory is: what of the executables is accounted for.
#pragma once

#include <vector>

#include "catalog/owner.h"
#include "image/tree.h"

namespace peekr {

// Reads executables again whose digest is wanted and was not worked out as they went by: those that nobody owns, and those that a
// layer has over a copy in a lower one. Owners are those of find_owners().
[[nodiscard]] Digests digests_again(const Image& image, const Tree& tree, const Owners& owners,
                                    const Limits& limits, Inventory& inventory);

// Counts the executables of the final tree. Owners are those of find_owners().
[[nodiscard]] Completeness complete(const Tree& tree, const Owners& owners,
                                    const std::vector<Package>& packages);

}  // namespace peekr
