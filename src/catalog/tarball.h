// SPDX-License-Identifier: Apache-2.0
// Archives that lie in an image and could not be looked into: a gap, of which one Note is enough.
#pragma once

#include "image/tree.h"
#include "model/package.h"

namespace peekr {

// Of the notes of the row "tarball": leaves out those about files that a system package brought, and about archives of
// what is installed where package managers keep them, and makes one of the others: the first, which says how many more there are.
void settle_tarballs(const Tree& tree, Inventory& all);

}  // namespace peekr
