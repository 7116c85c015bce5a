// SPDX-License-Identifier: Apache-2.0
#include "model/read_whole.h"

#include <algorithm>

namespace peekr {

std::vector<std::string> told_of_whole_layers(const ImageInfo& image) {
  const std::vector<LayerInfo>& layers = image.layers;
  const std::string all = " of " + std::to_string(layers.size());
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string& why = layers[i].whole_because;
    const auto same = [&](const LayerInfo& one) { return one.whole_because == why; };
    const auto first = std::ranges::find_if(layers, same);
    if (why.empty() || first != layers.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    const auto count = std::ranges::count_if(layers, same);
    lines.push_back((count == 1 ? "layer " + std::to_string(i + 1) + all + " was"
                                : std::to_string(count) + all + " layers were") +
                    " read whole: " + why);
  }
  return lines;
}

}  // namespace peekr
