// SPDX-License-Identifier: Apache-2.0
// Packages that may be EPEL's: what they are of the distribution's is not said by who has made them.
#pragma once

#include <vector>

#include "match/scope.h"

namespace peekr {

// A note for those whose name EPEL's records have, and those of the distribution, by which they are judged, have not.
Status note_unsaid_vendors(const Inventory& inventory, const Scopes& scopes, const Db& db,
                           std::vector<Note>& notes);

}  // namespace peekr
