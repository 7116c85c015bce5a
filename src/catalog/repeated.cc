// SPDX-License-Identifier: Apache-2.0
#include "catalog/repeated.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "base/text.h"

namespace peekr {
namespace {

using Key = std::tuple<std::string, std::string, std::string, std::string>;

Key key(const Package& package) {
  return {package.type, lower(package.name), package.version, std::string(package.path.folder())};
}

}  // namespace

void drop_repeated(std::vector<Package>& packages) {
  const auto seen = [](const Package& package) { return package.by_content; };
  if (std::ranges::none_of(packages, seen)) return;
  std::set<Key> listed;
  for (const Package& package : packages) {
    if (!package.by_content) listed.insert(key(package));
  }
  std::erase_if(packages,
                [&](const Package& package) { return package.by_content && listed.contains(key(package)); });
}

}  // namespace peekr
