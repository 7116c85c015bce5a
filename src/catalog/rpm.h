// SPDX-License-Identifier: Apache-2.0
// What the join of an image's inventory must know about rpm.
#pragma once

#include <cstdint>
#include <map>

#include "model/package.h"

namespace peekr {

// A database that was converted may leave the old one beside it. Of those in one folder that counts which is of the highest layer, of
// one layer that of the newest format (rpmdb.sqlite, Packages.db, Packages); a Note says what is left out, and is a gap where that is
// more than what counts. `layers`: that which each database is of.
// To be called on the merged inventory, before it is sorted.
void drop_stale_rpm(const std::map<Path, std::uint32_t>& layers, Inventory& inventory);

}  // namespace peekr
