// SPDX-License-Identifier: Apache-2.0
#include "model/cpe.h"

namespace peekr {

std::vector<std::string> cpe_parts(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ':') {
      parts.emplace_back();
    } else if (text[i] == '\\' && i + 1 < text.size()) {
      parts.back() += text[++i];
    } else {
      parts.back() += text[i];
    }
  }
  return parts;
}

}  // namespace peekr
