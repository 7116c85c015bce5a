// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace peekr {

// What people are told of a layer: "layer 1 of 2". `index` is from 0, as JSON has it.
[[nodiscard]] inline std::string layer_number(std::size_t index, std::size_t count) {
  return "layer " + std::to_string(index + 1) + " of " + std::to_string(count);
}

}  // namespace peekr
