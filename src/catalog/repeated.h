// SPDX-License-Identifier: Apache-2.0
// One package, two traces: App.deps.json lists what the assemblies beside it say as well; a-1.dist-info and a.egg-info in one folder
// (Debian's python3-cryptography) are of one installed package.
#pragma once

#include <vector>

#include "model/package.h"

namespace peekr {

// Takes out what was seen in the bytes of a file where something else in its folder declares that very package, and the egg-info of a
// Python package that has a dist-info in the same folder, whatever its version: that is the one that installers keep. To be called before
// there are owners.
void drop_repeated(std::vector<Package>& packages);

}  // namespace peekr
