// SPDX-License-Identifier: Apache-2.0
#include "base/find.h"

#include <cstring>

namespace peekr {

std::size_t find_in(std::string_view bytes, std::string_view part, std::size_t at) {
  if (at > bytes.size()) return std::string_view::npos;
  const std::string_view rest = bytes.substr(at);
  if (rest.empty() || part.empty())
    return rest.find(part) == 0 ? at : std::string_view::npos;  // memmem wants bytes
  const void* found = ::memmem(rest.data(), rest.size(), part.data(), part.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
}

}  // namespace peekr
