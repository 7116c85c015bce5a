// SPDX-License-Identifier: Apache-2.0
// Python packages that lie copied in another one (pip.pypa.io, "Vendoring Policy"): whose they are. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/package.h"

namespace peekr {

class Vendored {
 public:
  explicit Vendored(const std::vector<Package>& packages);

  // The folder that took it in: ".../site-packages/pip" of ".../site-packages/pip/_vendor/vendor.txt"; empty: none has.
  [[nodiscard]] static std::string_view home_of(const Package& package);
  // Why no command changes it; empty: one may.
  [[nodiscard]] std::string obstacle(const Package& package) const;

 private:
  std::map<std::string, std::string, std::less<>>
      names_;  // "pip 23.0.1", by the folder that its modules would be in
};

}  // namespace peekr
