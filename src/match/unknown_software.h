// SPDX-License-Identifier: Apache-2.0
// Packages of documents of which nothing tells who could judge them: neither a package URL of an ecosystem nor a CPE.
#pragma once

#include <vector>

#include "match/scope.h"

namespace peekr {

// By package: whether it is one of them, and nobody has advisories under its own name either. A note counts them.
[[nodiscard]] Result<std::vector<bool>> unknown_software(const Inventory& inventory, const Scopes& scopes,
                                                         const Db& db, std::vector<Note>& notes);

}  // namespace peekr
