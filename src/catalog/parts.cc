// SPDX-License-Identifier: Apache-2.0
#include "catalog/parts.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <string_view>
#include <tuple>

#include "catalog/lost.h"
#include "model/root.h"

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
  const auto look_into = [&](const Found& copy) {
    if (left.empty()) return;
    std::vector<Identity> there;
    for (const Package& one : copy.inventory->packages) there.push_back(identity(one));
    std::ranges::sort(there);
    std::erase_if(left,
                  [&](std::size_t i) { return !std::ranges::binary_search(there, identity(packages[i])); });
    for (const std::size_t i : left) layers[i] = copy.layer;
  };
  for (const Found& copy : std::views::reverse(part.hidden)) {
    if (copy.removed) left.clear();  // and what there is now was written anew
    look_into(copy);
  }
  for (const Found* copy : part.moved) look_into(*copy);
  return layers;
}

// "deb" of a database of such packages; empty: of none.
std::string_view system_type(const Inventory& inventory) {
  const std::vector<Package>& packages = inventory.packages;
  return packages.empty() || !is_of_system(packages.front()) ? std::string_view() : packages.front().type;
}

// A database moves within one root file system. Nothing: it is none.
std::optional<System> system_of(const Inventory& inventory, const Path& path) {
  const std::string_view type = system_type(inventory);
  return type.empty() ? std::nullopt : std::optional(System(type, root_above(path.str())));
}

// The databases that the image has nowhere any more. More of them than a few are no moves.
constexpr std::size_t kMostGone = 16;

std::map<System, std::vector<const Found*>> gone_databases(std::span<const Found> found) {
  std::map<System, std::vector<const Found*>> all;
  for (std::size_t first = 0, end = 0; first < found.size(); first = end) {
    while (end < found.size() && found[end].path == found[first].path) ++end;
    const std::span<const Found> copies = found.subspan(first, end - first);
    if (std::ranges::any_of(copies, &Found::visible)) continue;
    for (const Found& copy : copies) {
      const std::optional<System> system = system_of(*copy.inventory, copy.path);
      if (system && all[*system].size() <= kMostGone) all[*system].push_back(&copy);
    }
  }
  for (auto& [_, copies] : all) std::ranges::sort(copies, std::greater(), &Found::layer);
  std::erase_if(all, [](const auto& one) { return one.second.size() > kMostGone; });
  return all;
}

auto order(const Package& one) { return std::tie(one.type, one.name, one.version, one.arch, one.path); }

// What a database was before it was moved.
void add_moved(std::span<const Found> found, std::vector<Part>& parts) {
  const auto gone = gone_databases(found);
  std::map<System, std::vector<Part*>> there;
  for (Part& part : parts) {
    const std::optional<System> system = system_of(*part.inventory, *part.path);
    if (system && gone.contains(*system)) there[*system].push_back(&part);
  }
  for (const auto& [system, its] : there) {
    if (its.size() > kMostGone) continue;  // as many are no moves, either: status.d of dpkg
    for (Part* part : its) {
      const std::uint32_t lowest = part->hidden.empty() ? part->layer : part->hidden.front().layer;
      std::ranges::copy_if(gone.at(system), std::back_inserter(part->moved),
                           [lowest](const Found* copy) { return copy->layer < lowest; });
    }
  }
}

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
  add_moved(found, parts);
  return parts;
}

std::vector<Package> join_packages(const std::vector<Part>& parts) {
  std::vector<std::pair<const Package*, std::uint32_t>> all;  // and its layer
  for (const Part& part : parts) {
    const std::vector<std::uint32_t> layers = layers_of(part);
    for (std::size_t i = 0; i < layers.size(); ++i) all.emplace_back(&part.inventory->packages[i], layers[i]);
  }
  const auto order_of = [](const auto& one) { return order(*one.first); };
  std::ranges::stable_sort(all, {}, order_of);
  const auto rest = std::ranges::unique(all, {}, order_of);
  all.erase(rest.begin(), rest.end());
  std::vector<Package> packages;
  packages.reserve(all.size());
  for (const auto& [package, layer] : all) packages.emplace_back(*package).layer = layer;
  return packages;
}

}  // namespace peekr
