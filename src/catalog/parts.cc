// SPDX-License-Identifier: Apache-2.0
#include "catalog/parts.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace peekr {
namespace {

using Identity = std::tuple<std::string_view, std::string_view, std::string_view>;

Identity identity(const Package& package) { return {package.name, package.version, package.arch}; }

// The layer of each package of the part.
std::vector<std::uint32_t> layers_of(const Part& part) {
  const std::vector<Package>& packages = part.inventory->packages;
  std::vector<std::uint32_t> layers(packages.size(), part.layer);
  std::vector<std::size_t> left(packages.empty() ? 0 : packages.size());  // whose run is not broken yet
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  for (auto copy = part.hidden.rbegin(); copy != part.hidden.rend() && !left.empty(); ++copy) {
    std::vector<Identity> there;
    for (const Package& one : copy->inventory->packages) there.push_back(identity(one));
    std::ranges::sort(there);
    std::erase_if(left,
                  [&](std::size_t i) { return !std::ranges::binary_search(there, identity(packages[i])); });
    for (const std::size_t i : left) layers[i] = copy->layer;
  }
  return layers;
}

auto order(const Package& one) { return std::tie(one.type, one.name, one.version, one.arch, one.path); }

}  // namespace

std::vector<Part> parts_of(const Tree& tree, const std::vector<Again>& again) {
  std::map<const Found*, const Again*> replaced;
  for (const Again& one : again) {
    if (one.replaces != nullptr) replaced[one.replaces] = &one;
  }
  const std::span<const Found> found(tree.found());
  std::vector<Part> parts;
  for (std::size_t i = 0, first = 0; i < found.size(); ++i) {
    if (found[i].path != found[first].path) first = i;
    if (!found[i].visible) continue;
    const auto at = replaced.find(&found[i]);
    if (at == replaced.end()) {
      parts.push_back(
          {&found[i].path, found[i].layer, found[i].inventory.get(), found.subspan(first, i - first)});
    } else {  // what was read without the neighbours is a copy below
      const Again& now = *at->second;
      parts.push_back({&found[i].path, now.layer, &now.inventory, found.subspan(first, i + 1 - first)});
    }
  }
  for (const Again& one : again) {
    if (one.replaces == nullptr) parts.push_back({&one.path, one.layer, &one.inventory, {}});
  }
  return parts;
}

std::vector<Package> join_packages(const std::vector<Part>& parts) {
  std::vector<Package> all;
  for (const Part& part : parts) {
    const std::vector<std::uint32_t> layers = layers_of(part);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      all.push_back(part.inventory->packages[i]);
      all.back().layer = layers[i];
    }
  }
  std::ranges::sort(all, [](const Package& a, const Package& b) { return order(a) < order(b); });
  const auto same = [](const Package& a, const Package& b) { return order(a) == order(b); };
  const auto rest = std::ranges::unique(all, same);
  all.erase(rest.begin(), rest.end());
  return all;
}

}  // namespace peekr
