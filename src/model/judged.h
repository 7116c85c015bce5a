// SPDX-License-Identifier: Apache-2.0
// What of an inventory decides what is found in it.
#pragma once

#include "model/package.h"

namespace peekr {

// A copy without what nobody judges by: notes, licenses, lists of files, which are most of it.
[[nodiscard]] Inventory judged(const Inventory& inventory);

}  // namespace peekr
