// SPDX-License-Identifier: Apache-2.0
#include "catalog/declared.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "catalog/npm.h"

namespace peekr {
namespace {

// What is installed of each type: where, and under which names.
class Installed {
 public:
  explicit Installed(const std::vector<Package>& packages) {
    for (const Package& one : packages) {
      if (one.declared || one.claimed) continue;
      // A release of npm's that lies elsewhere is the project itself, not what it needs.
      const bool installs_nothing = one.type == "npm" && !is_npm_package(one.path.str());
      if (!installs_nothing) places_.emplace(one.type, one.path.str());
      names_.emplace(one.type, comparable_name(one.type, one.name));
    }
  }
  [[nodiscard]] bool any_below(const std::string& type, std::string_view folder) const {
    const std::string start = folder.empty() ? "" : std::string(folder) + "/";
    const auto at = places_.lower_bound({type, start});
    return at != places_.end() && at->first == type && at->second.starts_with(start);
  }
  [[nodiscard]] bool has(const Package& one) const {
    return names_.contains({one.type, comparable_name(one.type, one.name)});
  }

 private:
  using Pairs = std::set<std::pair<std::string, std::string>>;  // type; place or name
  Pairs places_, names_;
};

struct Lock {
  std::size_t lists = 0, installed = 0;  // packages
};
using Key = std::pair<std::string, std::string>;  // type, path

}  // namespace

void drop_superseded(std::vector<Package>& packages) {
  if (std::ranges::none_of(packages, &Package::declared)) return;
  const Installed installed(packages);
  std::map<Key, Lock> locks;
  for (const Package& one : packages) {
    if (!one.declared) continue;
    Lock& lock = locks[{one.type, std::string(one.path.str())}];
    ++lock.lists;
    if (installed.has(one)) ++lock.installed;
  }
  std::set<Key> projects;  // by folder: those whose packages are installed
  for (const auto& [key, lock] : locks) {
    const auto& [type, path] = key;
    const std::string folder(Path(path).folder());
    // An image of Node.js always has npm itself, and that has two hundred packages; no other program finds them there.
    const bool elsewhere = type != "npm" && 2 * lock.installed >= lock.lists;
    if (elsewhere || installed.any_below(type, folder)) projects.emplace(type, folder);
  }
  std::erase_if(packages, [&](const Package& one) {
    return one.declared && projects.contains({one.type, std::string(one.path.folder())});
  });
}

bool is_of_package_manager(const Path& path) {
  constexpr std::array<std::string_view, 9> kFolders = {
      "/node_modules/",     "/site-packages/", "/dist-packages/", "/gems/", "/pkg/mod/",  // Go
      "/registry/src/",     "/git/checkouts/",                                            // Cargo
      "/.build/checkouts/",                                                               // SwiftPM
      "/META-INF/maven/"};  // an unpacked Java archive
  const std::string around = "/" + std::string(path.folder()) + "/";
  return std::ranges::any_of(
      kFolders, [&](std::string_view folder) { return around.find(folder) != std::string::npos; });
}

bool is_of_dependency(const Path& path) {
  const std::string around = "/" + std::string(path.folder()) + "/";
  return is_of_package_manager(path) || around.find("/vendor/") != std::string::npos;
}

// Package unsafe is the compiler's: no other program has its source. Below Go's sources, what the go command builds nothing of
// (folders named testdata or _x, as `go help packages` has it): what else somebody has put there is theirs.
bool is_of_go_itself(const Tree& tree, const Path& path) {
  constexpr std::size_t kDeepest = 16;  // folders above Go's sources
  const std::string text = "/" + path.str();
  std::size_t at = 0;
  for (std::size_t deep = 0; deep < kDeepest && at != std::string::npos;
       ++deep, at = text.find('/', at + 1)) {
    const std::string sources = text.substr(0, at) + "/src/";
    if (!text.starts_with(sources)) continue;
    const std::string below = "/" + text.substr(sources.size());
    if (below.find("/_") == std::string::npos && below.find("/testdata/") == std::string::npos) continue;
    if (tree.find_no_follow(Path(sources + "go.mod")) &&
        tree.find_no_follow(Path(sources + "unsafe/unsafe.go")))
      return true;
  }
  return false;
}

void drop_of_go_itself(const Tree& tree, std::vector<Package>& packages) {
  std::map<std::string, bool> asked;  // by folder
  std::erase_if(packages, [&](const Package& one) {
    if (!one.declared || one.type != "golang") return false;
    const auto [at, fresh] = asked.try_emplace(std::string(one.path.folder()));
    if (fresh) at->second = is_of_go_itself(tree, one.path);
    return at->second;
  });
}

bool is_pinned(std::string_view version) {
  return !version.empty() && (is_digit(version.front()) || is_alpha(version.front())) &&
         version.find_first_of(" /:*<>=^~|,\t") == std::string_view::npos;
}

}  // namespace peekr
