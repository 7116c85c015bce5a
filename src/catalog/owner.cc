// SPDX-License-Identifier: Apache-2.0
#include "catalog/owner.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace peekr {
namespace {

bool of_system(const Package& package) {
  if (package.by_content) return false;  // it owns nothing
  constexpr std::array<std::string_view, 6> kTypes = {"alpm", "apk", "deb", "opkg", "portage", "rpm"};
  return std::ranges::find(kTypes, package.type) != kTypes.end();
}

// Where a listed file really lies: its folder's links followed. Folders repeat, so each is asked for once.
class Places {
 public:
  explicit Places(const Tree& tree) : tree_(tree) {}

  std::string of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    if (slash == std::string::npos) return file;
    const std::string folder = file.substr(0, slash);
    auto found = folders_.find(folder);
    if (found == folders_.end()) {
      const std::optional<Path> real = tree_.real_path(Path(folder));
      found = folders_.emplace(folder, real ? std::string(real->str()) : folder).first;
    }
    return found->second + file.substr(slash);
  }

 private:
  const Tree& tree_;
  std::unordered_map<std::string, std::string> folders_;
};

// Whether the same package was seen in a file further up in the same installation. Packages are sorted.
bool is_part(const Package& package, const std::vector<Package>& packages) {
  const auto key = [](const Package& one) { return std::tie(one.type, one.name, one.version); };
  const auto same = std::ranges::equal_range(packages, key(package), {}, key);
  return std::ranges::any_of(same, [&](const Package& whole) {
    const std::string folder = std::string(whole.path.folder()) + "/";
    return whole.by_content && folder != "/" && whole.path.folder() != package.path.folder() &&
           package.path.str().starts_with(folder);
  });
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

void find_owners(const Tree& tree, std::vector<Package>& packages) {
  std::map<std::string_view, std::vector<std::size_t>> evidence;  // by path
  std::unordered_set<std::string_view> names;  // base names of the evidence: most listed files have others
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (of_system(packages[i])) continue;
    evidence[packages[i].path.str()].push_back(i);
    names.insert(base_name(packages[i].path.str()));
  }
  if (evidence.empty()) return;
  Places places(tree);
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (!of_system(packages[i])) continue;
    for (const std::string& file : packages[i].files) {
      if (!names.contains(base_name(file))) continue;
      const auto found = evidence.find(places.of(file));
      if (found == evidence.end()) continue;
      for (const std::size_t at : found->second) {
        if (!packages[at].owner) packages[at].owner = i;
      }
    }
  }
}

void drop_owned_by_content(std::vector<Package>& packages) {
  std::vector<bool> dropped(packages.size());
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Package& one = packages[i];
    dropped[i] = one.by_content && (one.owner || is_part(one, packages));
  }
  std::vector<std::size_t> place(packages.size());  // where each one goes
  std::size_t kept = 0;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    place[i] = kept;
    if (dropped[i]) continue;
    if (kept != i) packages[kept] = std::move(packages[i]);
    ++kept;
  }
  packages.erase(packages.begin() + static_cast<std::ptrdiff_t>(kept), packages.end());
  for (Package& package : packages) {
    if (package.owner) package.owner = place[*package.owner];
  }
}

}  // namespace peekr
