// SPDX-License-Identifier: Apache-2.0
// Packages of documents that do not say from which source they are built, where the distribution's advisories go by that.
#pragma once

#include <vector>

#include "match/scope.h"

namespace peekr {

// A note for those whose own name is no source's, as far as the database knows: what is known of their sources is missed.
Status note_unsaid_sources(const Inventory& inventory, const Scopes& scopes, const Db& db,
                           std::vector<Note>& notes);

}  // namespace peekr
