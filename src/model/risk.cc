// SPDX-License-Identifier: Apache-2.0
#include "model/risk.h"

namespace peekr {

std::string_view name(Exploitation exploitation) {
  switch (exploitation) {
    case Exploitation::none: return "none";
    case Exploitation::poc: return "poc";
    case Exploitation::active: return "active";
  }
  return "";
}

const Epss* epss_of(const std::vector<Risk>& risks) {
  for (const Risk& one : risks) {
    if (one.epss) return &*one.epss;
  }
  return nullptr;
}

const Ssvc* ssvc_of(const std::vector<Risk>& risks) {
  for (const Risk& one : risks) {
    if (one.ssvc) return &*one.ssvc;
  }
  return nullptr;
}

const Kev* kev_of(const std::vector<Risk>& risks) {
  const Kev* found = nullptr;
  for (const Risk& one : risks) {
    if (one.kev && (found == nullptr || found->due.empty())) found = &*one.kev;
  }
  return found;
}

}  // namespace peekr
