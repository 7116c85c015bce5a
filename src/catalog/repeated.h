// SPDX-License-Identifier: Apache-2.0
// One package, two traces: App.deps.json lists what the assemblies beside it say as well.
#pragma once

#include <vector>

#include "model/package.h"

namespace peekr {

// Takes out what was seen in the bytes of a file where something else in its folder declares that very package. To be called
// before there are owners.
void drop_repeated(std::vector<Package>& packages);

}  // namespace peekr
