// SPDX-License-Identifier: Apache-2.0
// How a container has drifted from its image: which packages it has that the image has not, and the other way round.
#pragma once

#include "model/report.h"

namespace peekr {

// By type, name and architecture; of several copies and versions of one package those that both have are left out.
[[nodiscard]] Drift drift(const Inventory& image, const Inventory& container);

}  // namespace peekr
