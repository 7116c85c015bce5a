// SPDX-License-Identifier: Apache-2.0
// What the join of an image's inventory must know about rpm.
#pragma once

#include "model/package.h"

namespace peekr {

// A database that was converted may leave the old one beside it. Packages of <folder>/Packages go when
// <folder>/Packages.db or rpmdb.sqlite gave some, those of Packages.db when rpmdb.sqlite did; a Note says so.
// To be called on the merged inventory, before it is sorted.
void drop_stale_rpm(Inventory& inventory);

}  // namespace peekr
