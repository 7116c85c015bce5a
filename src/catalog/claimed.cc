// SPDX-License-Identifier: Apache-2.0
#include "catalog/claimed.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/purl.h"
#include "model/root.h"

namespace peekr {
namespace {

bool of_system(std::string_view type) {
  constexpr std::array<std::string_view, 5> kTypes = {"alpm", "apk", "deb", "opkg", "rpm"};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

// Whether the distribution of its package URL is another than the image's.
bool is_foreign(const Package& package, const std::optional<Distro>& distro) {
  if (!of_system(package.type) || !distro) return false;
  const std::optional<Purl> said = parse_purl(package.purl), here = parse_purl(purl(package, distro));
  return said && here && !said->space.empty() && said->space != here->space;
}

bool is_elsewhere(const Package& package, const Tree& tree) {
  return !package.files.empty() && std::ranges::none_of(package.files, [&](std::string_view file) {
    return tree.find(Path(file)).has_value();
  });
}

}  // namespace

void settle_claimed(const Tree& tree, Inventory& all) {
  if (std::ranges::none_of(all.packages, &Package::claimed)) return;
  std::set<std::tuple<std::string, std::string, std::string>> found;  // type, name, version
  std::set<std::string> databases;                                    // types
  for (const Package& one : all.packages) {
    if (one.claimed) continue;
    found.emplace(one.type, comparable_name(one.type, one.name), one.version);
    if (of_system(one.type)) databases.insert(one.type);
  }
  std::map<std::pair<Path, std::string_view>, std::size_t> left_out;  // why, by document
  std::erase_if(all.packages, [&](const Package& one) {
    if (!one.claimed) return false;
    if (found.contains({one.type, comparable_name(one.type, one.name), one.version})) return true;
    std::string_view why;
    const bool bundled = is_bundled(one);
    if (!bundled && databases.contains(one.type)) why = "that the package database does not have";
    if (!bundled && is_foreign(one, all.distro)) why = "of another distribution than this one";
    if (is_elsewhere(one, tree)) why = "whose files are not here";
    if (!why.empty()) ++left_out[{one.path, why}];
    return !why.empty();
  });
  for (Package& one : all.packages) {
    if (one.claimed) one.files.clear();
  }
  for (const auto& [key, count] : left_out) {
    all.notes.push_back({key.first, Why::suspicious,
                         "it speaks of " + std::to_string(count) + (count == 1 ? " package " : " packages ") +
                             std::string(key.second) + ": left out"});
  }
}

}  // namespace peekr
