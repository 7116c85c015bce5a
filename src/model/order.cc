// SPDX-License-Identifier: Apache-2.0
#include "model/order.h"

#include <tuple>

namespace peekr {

bool package_before(const std::vector<Package>& packages, std::size_t a, std::size_t b) {
  const Package &x = packages[a], &y = packages[b];
  return std::tie(x.type, x.name, x.version, x.arch, x.path, a) <
         std::tie(y.type, y.name, y.version, y.arch, y.path, b);
}

bool finding_before(const std::vector<Package>& packages, const Finding& a, const Finding& b) {
  if (a.package != b.package) return package_before(packages, a.package, b.package);
  return a.severity != b.severity ? a.severity > b.severity : a.id < b.id;
}

}  // namespace peekr
