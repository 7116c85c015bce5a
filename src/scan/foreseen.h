// SPDX-License-Identifier: Apache-2.0
// What a name of an image meant the last time: its inventory is unpacked while the registry is asked what it means now, and used where
// that is the same. Of each name the cache has in a family an entry for each thing that it has meant: the key of an inventory.
#pragma once

#include <optional>
#include <string>

#include "model/package.h"
#include "scan/scan.h"

namespace peekr {

struct Foreseen {
  std::string key;  // of the inventory in the cache
  std::optional<Inventory> inventory;
};

// Nothing where that is not known, or where there is a file of that name.
[[nodiscard]] Foreseen foresee(const Request& request);
// That it has meant the inventory under this key.
void foretell(const Request& request, const std::string& key);

}  // namespace peekr
