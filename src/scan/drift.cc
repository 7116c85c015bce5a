// SPDX-License-Identifier: Apache-2.0
#include "scan/drift.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <vector>

namespace peekr {
namespace {

struct Versions {
  std::vector<std::string> before, after;
};
using Key = std::tuple<std::string_view, std::string_view, std::string_view>;

// What `all` has more often than `other`.
std::vector<std::string> without(const std::vector<std::string>& all, const std::vector<std::string>& other) {
  std::vector<std::string> rest;
  std::ranges::set_difference(all, other, std::back_inserter(rest));
  return rest;
}

}  // namespace

Drift drift(const Inventory& image, const Inventory& container, Copies copies) {
  std::map<Key, Versions> all;
  const auto of = [&](const Package& one) -> Versions& { return all[{one.type, one.name, one.arch}]; };
  for (const Package& one : image.packages) of(one).before.push_back(full_version(one));
  for (const Package& one : container.packages) of(one).after.push_back(full_version(one));
  Drift found;
  for (auto& [key, versions] : all) {
    for (std::vector<std::string>* side : {&versions.before, &versions.after}) {
      std::ranges::sort(*side);
      if (copies == Copies::as_one) side->erase(std::ranges::unique(*side).begin(), side->end());
    }
    const std::vector<std::string> before = without(versions.before, versions.after);
    const std::vector<std::string> after = without(versions.after, versions.before);
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
      const auto& [type, name, arch] = key;
      found.packages.push_back({.type = std::string(type),
                                .name = std::string(name),
                                .arch = std::string(arch),
                                .before = i < before.size() ? before[i] : "",
                                .after = i < after.size() ? after[i] : "",
                                .how = i >= before.size()  ? Drift::How::added
                                       : i >= after.size() ? Drift::How::removed
                                                           : Drift::How::changed});
    }
  }
  return found;
}

}  // namespace peekr
