// SPDX-License-Identifier: Apache-2.0
#include "catalog/updates.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

// The folder of status, name, and architecture or triplet.
using Key = std::tuple<std::string, std::string, std::string>;
Key key(const Package& package) {
  const Path folder(package.path.folder());
  return {is_update(package.path) ? std::string(folder.folder()) : folder.str(), package.name, package.arch};
}

// Which of two files is newer.
using Age = std::pair<bool, std::uint64_t>;
Age age(const Path& path) { return {is_update(path), to_number(path.name()).value_or(0)}; }

}  // namespace

bool is_update(const Path& path) { return Path(path.folder()).name() == "updates"; }

void settle_updates(std::vector<Package>& packages) {
  const auto is_stated = [](const Package& one) {
    return (one.type == "deb" || one.type == "vcpkg") && !one.claimed;
  };
  std::map<Key, Age> newest;
  for (const Package& one : packages) {
    if (!is_stated(one) || !is_update(one.path)) continue;
    Age& best = newest[key(one)];
    best = std::max(best, age(one.path));
  }
  std::erase_if(packages, [&](const Package& one) {
    if (!is_stated(one)) return false;
    if (newest.empty()) return one.version.empty();
    const auto found = newest.find(key(one));
    return one.version.empty() || (found != newest.end() && age(one.path) != found->second);
  });
}

}  // namespace peekr
