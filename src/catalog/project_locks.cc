// SPDX-License-Identifier: Apache-2.0
#include "catalog/project_locks.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "catalog/yarn_lock.h"

namespace peekr {
namespace {

// A lock file of a Node.js project: whose it is, and what it lists, by name.
struct Lock {
  std::string_view manager;
  std::map<std::string_view, std::set<std::string_view>> versions;
};

// Of two that lie side by side the first of these counts.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kLocks = {
    {{"npm-shrinkwrap.json", "npm"},
     {"package-lock.json", "npm"},
     {"yarn.lock", "yarn"},
     {"pnpm-lock.yaml", "pnpm"}}};

std::map<std::string_view, Lock> locks_in(const std::vector<Part>& parts) {
  std::map<std::string_view, Lock> all;
  for (const auto& [file, manager] : kLocks) {
    for (const Part& part : parts) {
      if (!part.inventory->declared || part.path->name() != file) continue;
      const auto [at, fresh] = all.try_emplace(part.path->folder());
      if (!fresh) continue;
      const std::vector<Claim>& claims = part.inventory->claims;
      const bool berry = std::ranges::find(claims, kBerry, &Claim::package) != claims.end();
      at->second.manager = berry ? kBerry : manager;
      for (const Package& package : part.inventory->packages)
        at->second.versions[package.name].insert(package.version);
    }
  }
  return all;
}

}  // namespace

void add_locks(const std::vector<Part>& parts, std::vector<Package>& packages) {
  const std::map<std::string_view, Lock> locks = locks_in(parts);
  if (locks.empty()) return;
  for (Package& package : packages) {
    if (package.type != "npm" || package.declared || package.claimed || package.by_content) continue;
    const std::string_view path = package.path.str();
    const std::size_t modules = path.starts_with("node_modules/") ? 0 : path.find("/node_modules/");
    if (modules == std::string_view::npos) continue;
    const auto lock = locks.find(path.substr(0, modules));
    if (lock == locks.end()) continue;
    const auto listed = lock->second.versions.find(package.name);
    if (listed == lock->second.versions.end()) continue;
    package.lock = lock->second.manager;
    // Those of npm and pnpm are read without what is for development alone, of which another version may be here.
    const bool whole = package.essential || lock->second.manager == "yarn" || lock->second.manager == kBerry;
    if (!whole || listed->second.contains(package.version)) continue;
    for (const std::string_view version : listed->second) package.lock.append(" ").append(version);
  }
}

}  // namespace peekr
