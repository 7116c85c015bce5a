// SPDX-License-Identifier: Apache-2.0
// What the two lists of Composer share: installed.json of what is there, composer.lock of what shall be.
#pragma once

#include "catalog/cataloger.h"

namespace peekr {

void read_composer(const File& file, Inventory& found);

}  // namespace peekr
