// SPDX-License-Identifier: Apache-2.0
#include "catalog/present.h"

#include "catalog/owner.h"
#include "model/root.h"

namespace peekr {

bool has_package(const PackageKeys& keys, std::string_view type, std::string_view root,
                 std::string_view name) {
  const auto at = keys.lower_bound({type, root, name, ""});
  return at != keys.end() &&
         std::tuple(std::get<0>(*at), std::get<1>(*at), std::get<2>(*at)) == std::tuple(type, root, name);
}

PackageKeys keys_of(const std::vector<Part>& parts) {
  PackageKeys keys;
  for (const Part& part : parts) {
    const std::vector<Package>& packages = part.inventory->packages;
    if (packages.empty() || !is_of_system(packages.front())) continue;
    const std::string_view root = root_above(part.path->str());
    for (const Package& one : packages) keys.emplace(one.type, root, one.name, one.arch);
  }
  return keys;
}

}  // namespace peekr
