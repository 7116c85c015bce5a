// SPDX-License-Identifier: Apache-2.0
// An inventory that was written down: what `peekr inventory --format json` wrote, docs/schema/inventory.schema.json.
#pragma once

#include <string>

#include "base/result.h"
#include "model/package.h"

namespace peekr {

// By its first byte: no image begins so.
[[nodiscard]] bool is_inventory_file(const std::string& path);
// As far as it says what judges its packages: the distribution, and what each package is. Notes are left out.
Result<Inventory> read_inventory(const std::string& path);

}  // namespace peekr
