// SPDX-License-Identifier: Apache-2.0
#include "model/read_whole.h"

#include <algorithm>

#include "model/layer_number.h"

namespace peekr {

std::vector<std::string> told_of_whole_layers(const ImageInfo& image) {
  const std::vector<LayerInfo>& layers = image.layers;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string& why = layers[i].whole_because;
    const auto same = [&](const LayerInfo& one) { return one.whole_because == why; };
    const auto first = std::ranges::find_if(layers, same);
    if (why.empty() || first != layers.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    const auto count = std::ranges::count_if(layers, same);
    lines.push_back((count == 1
                         ? layer_number(i, layers.size()) + " was"
                         : std::to_string(count) + " of " + std::to_string(layers.size()) + " layers were") +
                    " read whole: " + why);
  }
  return lines;
}

}  // namespace peekr
