// SPDX-License-Identifier: Apache-2.0
#include "catalog/repeated.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

using Key = std::tuple<std::string, std::string, std::string, std::string>;

Key key(const Package& package) {
  return {package.type, lower(package.name), package.version, std::string(package.path.folder())};
}

void drop_seen_in_bytes(std::vector<Package>& packages) {
  std::unordered_set<std::string_view> versions;
  for (const Package& package : packages) {
    if (package.by_content) versions.insert(package.version);
  }
  std::set<Key> listed;
  for (const Package& package : packages) {
    if (!package.by_content && versions.contains(package.version)) listed.insert(key(package));
  }
  if (listed.empty()) return;
  std::erase_if(packages,
                [&](const Package& package) { return package.by_content && listed.contains(key(package)); });
}

// The folder that "a-1.dist-info/METADATA" or "a.egg-info" is in, and the name; none: it has not that ending.
std::optional<std::pair<std::string, std::string>> metadata_place(const Package& package,
                                                                  std::string_view ending) {
  if (package.type != "pypi") return std::nullopt;
  std::string_view path = package.path.str();
  if (!path.ends_with(ending)) path = package.path.folder();
  if (!lower(path).ends_with(ending)) return std::nullopt;
  const std::size_t slash = path.rfind('/');
  return std::pair(std::string(path.substr(0, slash == std::string_view::npos ? 0 : slash)),
                   comparable_name(package.type, package.name));
}

void drop_older_metadata(std::vector<Package>& packages) {
  std::set<std::pair<std::string, std::string>> newer;
  for (const Package& package : packages) {
    if (auto place = metadata_place(package, ".dist-info")) newer.insert(*std::move(place));
  }
  if (newer.empty()) return;
  std::erase_if(packages, [&](const Package& package) {
    const auto place = metadata_place(package, ".egg-info");
    return place && newer.contains(*place);
  });
}

}  // namespace

void drop_repeated(std::vector<Package>& packages) {
  drop_seen_in_bytes(packages);
  drop_older_metadata(packages);
}

}  // namespace peekr
