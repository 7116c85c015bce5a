// SPDX-License-Identifier: Apache-2.0
//   var/cache/apt/archives/NAME_VERSION_ARCH.deb                         ":" of an epoch is "%3a"
//   var/cache/{dnf,yum,libdnf5}/REPOSITORY/packages/NAME-VERSION.ARCH.rpm    without the epoch
//   var/cache/zypp/packages/REPOSITORY/ARCH/NAME-VERSION.ARCH.rpm
//   var/cache/apk/NAME-VERSION.HASH.apk, etc/apk/cache/...                  8 hexadecimal digits
//   var/cache/pacman/pkg/NAME-VERSION-ARCH.pkg.tar.zst
#include "catalog/package_cache.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "model/root.h"

namespace peekr {
namespace {

constexpr std::array<std::string_view, 8> kFolders = {
    "var/cache/apt/archives/",  "var/cache/dnf/", "var/cache/yum/", "var/cache/libdnf5/",
    "var/cache/zypp/packages/", "var/cache/apk/", "etc/apk/cache/", "var/cache/pacman/pkg/"};

// Where the root file system ends whose cache it lies in, "" or "srv/c/"; npos: it lies in none.
std::size_t end_of_root(std::string_view archive) {
  for (const std::string_view folder : kFolders) {
    const std::size_t at = archive.find(folder);
    if (at != std::string_view::npos && (at == 0 || archive[at - 1] == '/')) return at;
  }
  return std::string_view::npos;
}

// Without what follows from how it is packed, and apk's hash.
std::string_view stem(std::string_view name) {
  if (const std::size_t at = name.find(".pkg.tar"); at != std::string_view::npos) return name.substr(0, at);
  const bool is_apk = name.ends_with(".apk");
  name = name.substr(0, name.rfind('.'));
  constexpr std::size_t kHash = 8;
  if (!is_apk || name.size() <= kHash || name[name.size() - kHash - 1] != '.') return name;
  const std::string_view hash = name.substr(name.size() - kHash);
  return to_number(hash, 16) ? name.substr(0, name.size() - kHash - 1) : name;
}

std::string stem_of(const Package& package) {
  const std::string& name = package.name;
  if (package.type == "deb") {
    std::string version = full_version(package);
    if (const std::size_t colon = version.find(':'); colon != std::string::npos)
      version.replace(colon, 1, "%3a");
    return name + "_" + version + "_" + package.arch;
  }
  if (package.type == "rpm") return name + "-" + package.version + "." + package.arch;
  if (package.type == "alpm") return name + "-" + full_version(package) + "-" + package.arch;
  return name + "-" + package.version;
}

}  // namespace

void drop_of_installed(const std::vector<Package>& packages, std::set<std::string>& archives) {
  const auto is_kept = [](const std::string& one) { return end_of_root(one) != std::string_view::npos; };
  if (std::ranges::none_of(archives, is_kept)) return;
  std::set<std::string> installed;
  for (const Package& one : packages) {
    if (!is_of_system(one)) continue;
    const std::string root(root_of(one));
    installed.insert(root + (root.empty() ? "" : "/") + stem_of(one));
  }
  std::erase_if(archives, [&](const std::string& one) {
    if (!is_kept(one)) return false;
    const std::string_view path = one;
    return installed.contains(std::string(path.substr(0, end_of_root(path))) +
                              std::string(stem(path.substr(path.rfind('/') + 1))));
  });
}

}  // namespace peekr
