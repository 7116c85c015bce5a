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
  const Package* first = nullptr;  // who gives them their name, of the spellings that there are
  std::vector<std::string> before, after;
};
using Key = std::tuple<std::string_view, std::string, std::string_view>;

// Programs in Go and Rust are of an architecture; the package URLs of what is in them have none.
std::string_view arch_of(const Package& package) {
  return package.type == "golang" || package.type == "cargo" ? std::string_view() : package.arch;
}

// What `all` has more often than `other`.
std::vector<std::string> without(const std::vector<std::string>& all, const std::vector<std::string>& other) {
  std::vector<std::string> rest;
  std::ranges::set_difference(all, other, std::back_inserter(rest));
  return rest;
}

}  // namespace

Drift drift(const Inventory& image, const Inventory& container, Copies copies) {
  std::map<Key, Versions> all;
  const auto of = [&](const Package& one) -> Versions& {
    Versions& versions = all[{one.type, comparable_name(one.type, one.name), arch_of(one)}];
    if (versions.first == nullptr) versions.first = &one;
    return versions;
  };
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
      found.packages.push_back({.type = versions.first->type,
                                .name = versions.first->name,
                                .arch = std::string(arch_of(*versions.first)),
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
