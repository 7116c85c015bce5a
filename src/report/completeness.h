// SPDX-License-Identifier: Apache-2.0
// The completeness of an inventory as reports tell it.
#pragma once

#include <vector>

#include "model/report.h"

namespace peekr {

// Notes on archives (by their name) that could not be opened, or not wholly.
[[nodiscard]] std::vector<const Note*> unopened_archives(const Inventory& inventory);
[[nodiscard]] std::size_t remnants(const Inventory& inventory);

}  // namespace peekr
