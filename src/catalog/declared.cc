// SPDX-License-Identifier: Apache-2.0
#include "catalog/declared.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/text.h"

namespace peekr {

void drop_superseded(std::vector<Package>& packages) {
  std::set<std::string> types, places;  // of what is installed; places: npm only
  for (const Package& package : packages) {
    if (package.declared || package.claimed) continue;
    types.insert(package.type);
    if (package.type == "npm") places.insert(package.path.str());
  }
  std::erase_if(packages, [&](const Package& package) {
    if (!package.declared || !types.contains(package.type)) return false;
    if (package.type != "npm") return true;
    // An image of Node.js always has npm itself, and that has two hundred packages.
    const std::string folder(package.path.folder());
    const auto at = places.lower_bound(folder.empty() ? folder : folder + "/");
    return at != places.end() && (folder.empty() || at->starts_with(folder + "/"));
  });
}

bool is_of_dependency(const Path& path) {
  constexpr std::array<std::string_view, 4> kFolders = {"node_modules", "vendor", "site-packages",
                                                        "dist-packages"};
  const std::string_view folder = path.folder();
  const std::string around = "/" + std::string(folder) + "/";
  return std::ranges::any_of(
             split(folder, '/'),
             [&](std::string_view part) { return std::ranges::find(kFolders, part) != kFolders.end(); }) ||
         around.find("/pkg/mod/") != std::string::npos ||       // Go
         around.find("/registry/src/") != std::string::npos ||  // Cargo
         around.find("/gems/") != std::string::npos;
}

bool is_pinned(std::string_view version) {
  return !version.empty() && (is_digit(version.front()) || is_alpha(version.front())) &&
         version.find_first_of(" /:*<>=^~|,\t") == std::string_view::npos;
}

}  // namespace peekr
