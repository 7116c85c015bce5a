// SPDX-License-Identifier: Apache-2.0
#include "catalog/asked.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace peekr {
namespace {

constexpr std::string_view kOverrides = "overrides";  // npm.cc: the names that a project overrides

// What a project of npm asks for, by where that lies in its folder. Each package may be one, of which few are asked.
class Asked {
 public:
  void add(const Claim& claim) { claims_.push_back(&claim); }
  void ask_for(const std::string& place, Package& package) {
    look();
    package.asked = all_.contains(place);
    package.essential = to_run_.contains(place);
  }
  [[nodiscard]] bool overrides(std::string_view name) {
    look();
    return overrides_.contains(name);
  }

 private:
  void look() {
    for (const Claim* claim : std::exchange(claims_, {})) {
      std::set<std::string_view>& names = claim->package == kOverrides ? overrides_ : all_;
      names.insert(claim->files.begin(), claim->files.end());
      if (claim->package == "dependencies") to_run_.insert(claim->files.begin(), claim->files.end());
    }
  }

  std::vector<const Claim*> claims_;  // not looked at yet
  std::set<std::string_view> all_, to_run_;
  std::set<std::string_view> overrides_;  // names, wherever they lie
};
using Projects = std::unordered_map<std::string_view, Asked>;  // by folder

constexpr std::string_view kModules = "node_modules/";

// Of what pnpm has installed the project's folder: each version lies below its "node_modules/.pnpm", and the project has links to those
// that it asks for (pnpm.io, "Symlinked node_modules structure"). Nothing: another one has.
std::optional<std::string_view> project_of_pnpm(std::string_view path) {
  constexpr std::string_view kStore = "node_modules/.pnpm/";
  const std::size_t at = path.find(kStore);
  if (at == 0) return std::string_view();
  if (at == std::string_view::npos || path[at - 1] != '/') return std::nullopt;
  return path.substr(0, at - 1);
}

// Where it would lie in which project, if that asks for it.
struct Place {
  std::string_view project;
  std::string name;
};

Place place_in_project(const Tree& tree, const Package& package) {
  const std::string_view path = package.path.str();
  if (package.declared)
    return {package.path.folder(), std::string(kModules) + package.name + "/package.json"};
  const std::size_t inner = path.rfind("/" + std::string(kModules));
  const bool outermost = inner == std::string_view::npos;
  const Place place{path.substr(0, outermost ? 0 : inner),
                    std::string(path.substr(outermost ? 0 : inner + 1))};
  const std::optional<std::string_view> linking = project_of_pnpm(path);
  if (!linking) return place;
  const std::string front = linking->empty() ? "" : std::string(*linking) + "/";
  const bool linked = tree.real_path(Path(front + place.name)) == package.path;
  return linked ? Place{*linking, place.name} : place;
}

void ask(const Tree& tree, Projects& projects, Package& package) {
  const Place place = place_in_project(tree, package);
  if (const auto project = projects.find(place.project); project != projects.end())
    project->second.ask_for(place.name, package);
}

// Of a name that the project overrides: its package.json chooses the version of each that lies below the outermost node_modules.
void pin(Projects& projects, Package& package) {
  const std::string_view path = package.path.str();
  const std::size_t outer = path.starts_with("node_modules/") ? 0 : path.find("/node_modules/");
  const auto project =
      projects.find(outer == std::string_view::npos ? package.path.folder() : path.substr(0, outer));
  if (project != projects.end() && project->second.overrides(package.name)) package.pin = kOverrides;
}

}  // namespace

void add_asked(const Tree& tree, const std::vector<ProjectClaim>& claims, std::vector<Package>& packages) {
  Projects projects;
  for (const auto& [path, claim] : claims) projects[path->folder()].add(*claim);
  if (projects.empty()) return;
  for (Package& package : packages) {
    if (package.type != "npm") continue;
    ask(tree, projects, package);
    pin(projects, package);
  }
}

}  // namespace peekr
