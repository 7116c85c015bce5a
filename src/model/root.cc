// SPDX-License-Identifier: Apache-2.0
#include "model/root.h"

#include <algorithm>
#include <array>
#include <optional>

namespace peekr {
namespace {

// What stands in front of these last parts of a path: "" of "usr" in "usr", "opt/r" in "opt/r/usr". Nothing: it has other ones.
std::optional<std::string_view> in_front_of(std::string_view end, std::string_view path) {
  if (!path.ends_with(end)) return std::nullopt;
  path.remove_suffix(end.size());
  if (path.empty()) return path;
  return path.ends_with('/') ? std::optional(path.substr(0, path.size() - 1)) : std::nullopt;
}

}  // namespace

std::string_view root_above(std::string_view database) {
  constexpr std::array<std::string_view, 7> kTops = {"var/lib/", "var/db/",   "usr/lib/", "usr/share/",
                                                     "lib/apk/", "lib/dpkg/", "lib/opkg/"};
  std::size_t last = 0;
  for (const std::string_view top : kTops) {
    std::size_t at = database.rfind(top);
    while (at != std::string_view::npos && at > 0 && database[at - 1] != '/')
      at = database.rfind(top, at - 1);
    if (at != std::string_view::npos) last = std::max(last, at);
  }
  std::string_view root = database.substr(0, last == 0 ? 0 : last - 1);
  for (const std::string_view part : {"usr", "var"}) root = in_front_of(part, root).value_or(root);
  return root;
}

std::string_view root_of_release(std::string_view release_file) {
  const std::size_t slash = release_file.rfind('/');
  const std::string_view folder = release_file.substr(0, slash == std::string_view::npos ? 0 : slash);
  for (const std::string_view end : {"etc", "usr/lib"}) {
    if (const auto root = in_front_of(end, folder)) return *root;
  }
  return {};
}

bool is_bundled(const Package& package) {
  return package.claimed && package.path.folder().ends_with(".dist-info/sboms");
}

std::string_view root_of(const Package& package) {
  if (is_bundled(package) && is_of_system({.type = package.type})) return package.path.folder();
  return is_of_system(package) ? root_above(package.path.str()) : std::string_view();
}

}  // namespace peekr
