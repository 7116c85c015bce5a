// SPDX-License-Identifier: Apache-2.0
// Stage "match": Inventory x Db in, Findings out. One algorithm; ecosystems differ by the rows of
// ecosystems.def.
#pragma once

#include "db/db.h"
#include "model/finding.h"
#include "model/package.h"

namespace peekr {

// Every known vulnerability of every package, with its proof. What could not be judged (no data for the
// distribution, a version without order) is a Note.
[[nodiscard]] Result<Findings> match(const Inventory& inventory, const Db& db);

}  // namespace peekr
