// SPDX-License-Identifier: Apache-2.0
// How a container has drifted from its image: which packages it has that the image has not, and the other way round.
#pragma once

#include <cstdint>

#include "model/report.h"

namespace peekr {

// Whether copies of one version in several folders count each, or, as where one side is an SBOM, which names them once, as one.
enum class Copies : std::uint8_t { each, as_one };

// By type, name and architecture; of several copies and versions of one package those that both have are left out.
[[nodiscard]] Drift drift(const Inventory& image, const Inventory& container, Copies copies = Copies::each);

}  // namespace peekr
