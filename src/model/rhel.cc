// SPDX-License-Identifier: Apache-2.0
#include "model/rhel.h"

#include <algorithm>

namespace peekr {

std::optional<std::string_view> rhel_stream(std::string_view product) {
  const auto found = std::ranges::find(kRhelProducts, product, &RhelProduct::name);
  if (found == kRhelProducts.end()) return std::nullopt;
  return found->stream;
}

}  // namespace peekr
