// SPDX-License-Identifier: Apache-2.0
#include "model/risk.h"

#include <algorithm>

namespace peekr {

std::string_view name(Exploitation exploitation) {
  switch (exploitation) {
    case Exploitation::none: return "none";
    case Exploitation::poc: return "poc";
    case Exploitation::active: return "active";
  }
  return "";
}

const Risk* epss_of(const std::vector<Risk>& risks) {
  const auto found = std::ranges::find_if(risks, [](const Risk& one) { return one.epss.has_value(); });
  return found == risks.end() ? nullptr : &*found;
}

const Risk* ssvc_of(const std::vector<Risk>& risks) {
  const auto found = std::ranges::find_if(risks, [](const Risk& one) { return one.ssvc.has_value(); });
  return found == risks.end() ? nullptr : &*found;
}

const Risk* kev_of(const std::vector<Risk>& risks) {
  const Risk* found = nullptr;
  for (const Risk& one : risks) {
    if (one.kev && (found == nullptr || found->kev->due.empty())) found = &one;
  }
  return found;
}

}  // namespace peekr
