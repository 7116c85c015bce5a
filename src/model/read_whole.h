// SPDX-License-Identifier: Apache-2.0
// What there is to say of layers that were read whole though parts of them were asked for (--partial).
#pragma once

#include <string>
#include <vector>

#include "model/report.h"

namespace peekr {

// A line for each reason, in the order of the layers: "layer 2 of 9 was read whole: why", "3 of 9 layers were read whole: why".
[[nodiscard]] std::vector<std::string> told_of_whole_layers(const ImageInfo& image);

}  // namespace peekr
