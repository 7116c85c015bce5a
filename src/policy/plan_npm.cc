// SPDX-License-Identifier: Apache-2.0
// By what the packages of a Node.js project go to other versions (docs.npmjs.com, "npm install", "package.json": overrides). What the
// project asks for itself is installed. All others are what somebody else asks for, who would get the old version again, in a folder
// of its own: an override of package.json says otherwise. npm before 11 looks at overrides for what it is about to install alone, and
// leaves what is there (tried with 9.2, 9.9, 10.8 and 10.9).
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "policy/node_modules.h"
#include "policy/plan.h"
#include "version/scheme.h"

namespace peekr {
namespace {

constexpr std::size_t kShownNames = 3;

bool is_lower(const std::string& a, const std::string& b) {
  return find_scheme("semver")->compare(a, b) == std::strong_ordering::less;
}

// Whether it may stand in a command, and has its place in the order.
bool is_version(const std::string& text) {
  return is_safe(text) && find_scheme("semver")->compare(text, text);
}

struct Project {
  const std::vector<Package>& packages;
  const Remediation::Action& action;
  const std::vector<std::size_t>& all;  // its packages
  NodeModules& modules;
  std::map<std::size_t, std::vector<std::size_t>> dependents;
};

// What the project asks for that needs these packages, if only by what needs them in turn. Nothing, where that would be too long a search.
std::set<std::string> asked_for(const Project& project, const std::vector<std::size_t>& of) {
  std::set<std::string> names;
  std::set<std::size_t> seen(of.begin(), of.end());
  std::vector<std::size_t> open = of;
  while (!open.empty()) {
    const auto found = project.dependents.find(open.back());
    open.pop_back();
    if (found == project.dependents.end()) continue;
    for (const std::size_t index : found->second) {
      if (!project.modules.look()) return {};
      if (!seen.insert(index).second) continue;
      project.packages[index].asked ? static_cast<void>(names.insert(project.packages[index].name))
                                    : open.push_back(index);
    }
  }
  return names;
}

std::string some_of(const std::set<std::string>& names) {
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() < kShownNames) shown.push_back(name);
  }
  const std::string more =
      names.size() > kShownNames ? " and " + std::to_string(names.size() - kShownNames) + " more" : "";
  return join(shown, ", ") + more;
}

// pnpm keeps each version in a folder of its own, and links to it.
bool is_of_pnpm(const Package& package) {
  return package.path.str().find("node_modules/.pnpm/") != std::string::npos;
}

// Whether somebody besides the project asks for it; who needs what a lock file lists is not known, nor who links to what, nor what was
// not looked at.
bool is_others_need(const Project& project, std::size_t index) {
  return project.modules.looks_no_more() || project.packages[index].declared ||
         is_of_pnpm(project.packages[index]) || project.dependents.contains(index);
}

// A version of a package, as it stands behind the name that it is asked for as: "4.17.21", "npm:lodash@4.17.21".
struct Wanted {
  std::string package, to;
};
using ByName = std::map<std::string, Wanted>;

std::string as(const std::string& name, const Wanted& wanted) {
  return name == wanted.package ? wanted.to : "npm:" + wanted.package + "@" + wanted.to;
}

// What goes to one version, from the lowest that there is on.
struct Override {
  std::string name, to, from;
  std::string text;  // as() it
};

// Of a name the lower version first: npm takes the first that fits.
std::vector<Override> overrides_of(const Project& project, const ByName& direct) {
  std::map<std::pair<std::string, std::string>, Override> lowest;  // by name and what it goes to
  for (const Remediation::Step& step : project.action.steps) {
    if (!is_safe(step.name) || !is_version(step.to) || !is_version(step.from)) continue;
    for (const std::size_t index : step.packages) {
      const std::string name = NodeModules::name_of(project.packages[index]);
      const auto installed = direct.find(name);
      const bool is_installed = step.direct && installed != direct.end() && installed->second.to == step.to;
      if (!is_safe(name) || (is_installed && !is_others_need(project, index))) continue;
      Override& one = lowest[{name, step.to}];
      if (one.from.empty() || is_lower(step.from, one.from))
        one = {name, step.to, step.from, as(name, {step.name, step.to})};
    }
  }
  std::vector<Override> all;
  for (const auto& [key, one] : lowest) all.push_back(one);
  std::ranges::stable_sort(all, [](const Override& a, const Override& b) {
    return a.name != b.name ? a.name < b.name : is_lower(a.to, b.to);
  });
  return all;
}

// By name the lowest version that stays.
std::map<std::string, std::string> lowest_staying(const Project& project) {
  std::set<std::size_t> changed;
  for (const Remediation::Step& step : project.action.steps)
    changed.insert(step.packages.begin(), step.packages.end());
  std::map<std::string, std::string> all;
  for (const std::size_t index : project.all) {
    const Package& package = project.packages[index];
    if (changed.contains(index) || !is_version(package.version)) continue;
    std::string& lowest = all[NodeModules::name_of(package)];
    if (lowest.empty() || is_lower(package.version, lowest)) lowest = package.version;
  }
  return all;
}

// Which versions it is for: none below those that are there, where a lower one stays. "=" would end the key.
std::string versions_of(const std::map<std::string, std::string>& staying, const Override& one) {
  const auto lowest = staying.find(one.name);
  const bool lower = lowest != staying.end() && is_lower(lowest->second, one.from);
  return lower ? one.from + " || >" + one.from + " <" + one.to : "<" + one.to;
}

// What npm is told to install: what the project asks for; of what is global all.
ByName installed_by(const std::vector<Package>& packages, const Remediation::Action& action) {
  ByName all;
  for (const Remediation::Step& step : action.steps) {
    if (!step.direct || !is_safe(step.name) || !is_version(step.to)) continue;
    const auto is_asked = [&](std::size_t i) { return packages[i].asked; };
    const bool any = std::ranges::any_of(step.packages, is_asked);
    for (const std::size_t index : step.packages) {
      const std::string name = NodeModules::name_of(packages[index]);
      if ((any && !is_asked(index)) || !is_safe(name)) continue;
      Wanted& wanted = all[name];
      if (wanted.to.empty() || is_lower(wanted.to, step.to)) wanted = {step.name, step.to};
    }
  }
  return all;
}

std::string install(std::string_view command, const ByName& versions) {
  std::string all(command);
  for (const auto& [name, wanted] : versions) all += " " + name + "@" + as(name, wanted);
  return all;
}

// Nothing that the project asks for only to be developed is in the image: npm would bring all of it.
bool omits_development(const Project& project) {
  return std::ranges::none_of(project.all, [&](std::size_t index) {
    const Package& package = project.packages[index];
    return package.asked && !package.essential && !package.declared;
  });
}

void add_words(std::string_view words, Remediation::Action& action) {
  action.words.append(action.words.empty() ? "" : "; ").append(words);
}

constexpr std::string_view kMany =
    "so much is needed by others here that it was not all looked at: overrides are for what others may need";
constexpr std::string_view kDevelopment =
    "what is for development alone comes, too: leave it out as your build does";
constexpr std::string_view kUntested = "those that need it did not choose that version: test them";

void add_project_command(const Project& project, Remediation::Action& action) {
  if (project.modules.looks_no_more()) add_words(kMany, action);
  const ByName direct = installed_by(project.packages, action);
  const std::vector<Override> overrides = overrides_of(project, direct);
  const bool omits = omits_development(project), elsewhere = !action.missing.empty();
  const std::string omit = omits && !elsewhere ? " --omit=dev" : "";  // elsewhere all that may be needed
  if (!direct.empty()) action.command = install("npm install" + omit, direct);
  if (omits && elsewhere && !(direct.empty() && overrides.empty())) add_words(kDevelopment, action);
  if (overrides.empty()) return;
  action.command += (direct.empty() ? "" : " && ") + std::string("npm pkg set");
  const std::map<std::string, std::string> staying = lowest_staying(project);
  for (const Override& one : overrides)
    action.command += " 'overrides[" + one.name + "@" + versions_of(staying, one) + "]=" + one.text + "'";
  action.command += " && npx -y npm@11 install" + omit;
  add_words("npm before 11 leaves what is overridden as it is, hence npm@11", action);
  add_words(kUntested, action);
}

// The other managers, each by its lock file (classic.yarnpkg.com, "yarn upgrade", "Selective dependency resolutions"; yarnpkg.com, "yarn
// up"; pnpm.io, "overrides": since pnpm 10 they are read from pnpm-workspace.yaml, since 11 from nowhere else).
struct Manager {
  std::string_view name, program, upgrade, overrides;
};
constexpr std::string_view kPnpm = "pnpm";
constexpr Manager kManagers[] = {{"yarn", "yarn", "yarn upgrade", "resolutions"},
                                 {"berry", "yarn", "yarn up", "resolutions"},
                                 {kPnpm, "pnpm", "pnpm update", "overrides of pnpm-workspace.yaml"}};
constexpr std::string_view kReplaces =
    "what pnpm-workspace.yaml overrides now is replaced: name that, too; before pnpm 10 it is "
    "pnpm.overrides of package.json";

bool has_program(const std::vector<Package>& packages, std::string_view name) {
  return std::ranges::any_of(packages, [&](const Package& one) {
    if (is_of_system(one)) return one.name == name || one.name == std::string(name) + "pkg";
    return one.type == "npm" && !one.declared && (one.name == name || one.name == "corepack");
  });
}

// Those that can be named once for all versions of a name: of what goes to several, or stays in one, words say that it is to be named by
// who needs it.
std::vector<Override> of_whole_names(const Project& project, const Manager& manager,
                                     const std::vector<Override>& all, Remediation::Action& action) {
  const std::map<std::string, std::string> staying = lowest_staying(project);
  std::vector<Override> kept;
  for (const Override& one : all) {
    if (staying.contains(one.name) || std::ranges::count(all, one.name, &Override::name) > 1) {
      add_words(one.name + " is there in several versions: name " + one.to + " in " +
                    std::string(manager.overrides) + " by who needs it",
                action);
    } else {
      kept.push_back(one);
    }
  }
  return kept;
}

// "npm pkg set 'resolutions[braces]=3.0.3' && yarn install".
std::string set_resolutions(const std::vector<Override>& all) {
  std::string sets;
  for (const Override& one : all) sets += " 'resolutions[" + one.name + "]=" + one.to + "'";
  return "npm pkg set" + sets + " && yarn install";
}

// pnpm's file is written by pnpm. Names and versions are is_safe(): nothing in them ends a text of JSON, or of the shell.
std::string set_pnpm_overrides(const std::vector<Override>& all) {
  std::string sets;
  for (const Override& one : all)
    sets += (sets.empty() ? "" : ",") + ('"' + one.name) + "@<" + one.to + "\":\"" + one.to + '"';
  return "pnpm config set --location=project --json overrides '{" + sets +
         "}' && pnpm install --no-frozen-lockfile";
}

void add_managers_command(const Project& project, const Manager& manager, Remediation::Action& action) {
  const bool is_pnpm = manager.name == kPnpm;
  action.missing = has_program(project.packages, manager.program) ? "" : manager.program;
  if (project.modules.looks_no_more()) add_words(kMany, action);
  const ByName direct = installed_by(project.packages, action);
  const std::vector<Override> overrides =
      of_whole_names(project, manager, overrides_of(project, direct), action);
  if (!direct.empty()) action.command = install(manager.upgrade, direct);
  if (!overrides.empty()) {
    action.command += direct.empty() ? "" : " && ";
    action.command += is_pnpm ? set_pnpm_overrides(overrides) : set_resolutions(overrides);
    if (is_pnpm) add_words(kReplaces, action);
    add_words(kUntested, action);
  }
  if (action.command.empty()) return;
  if (is_pnpm) action.command += " && pnpm prune";  // it keeps what nobody links to any more for a week
  if (omits_development(project)) add_words(kDevelopment, action);
}

// What lies there in another version than the lock file has: whoever installs by that gets its own again.
void say_what_comes_back(const Project& project, Remediation::Action& action) {
  std::set<std::size_t> changed;
  for (const Remediation::Step& step : action.steps)
    changed.insert(step.packages.begin(), step.packages.end());
  for (const std::size_t index : project.all) {
    const Package& package = project.packages[index];
    const std::string_view versions = cut(package.lock, ' ').second;
    if (versions.empty() || changed.contains(index) || !is_safe(package.name) || !is_version(package.version))
      continue;
    add_words(package.name + " " + package.version +
                  " is not what the lock file has: " + std::string(versions) + " comes back, and what it has",
              action);
  }
}

bool is_of_pnpm(const std::vector<Package>& packages, const Remediation::Action& action) {
  return std::ranges::any_of(action.steps, [&](const Remediation::Step& step) {
    return std::ranges::any_of(step.packages, [&](std::size_t i) { return is_of_pnpm(packages[i]); });
  });
}

}  // namespace

void add_npm_command(Means& means, Remediation::Action& action) {
  const std::vector<Package>& packages = means.packages;
  NodeModules& modules = means.modules;
  const std::string name = modules.manager_of(action.where);
  const Manager* const manager = std::ranges::find(kManagers, name, &Manager::name);
  const bool known = manager != std::end(kManagers) && (name == kPnpm || modules.has_project(action.where));
  if (is_of_pnpm(packages, action) && name != kPnpm) {
    action.words =
        "pnpm installed them: name the versions in overrides of pnpm-workspace.yaml, then pnpm install and "
        "pnpm prune";
  } else if (modules.is_global(action.where)) {
    const std::string prefix = action.where.substr(0, action.where.rfind("/lib"));
    for (Remediation::Step& step : action.steps) step.direct = true;  // what lies within others is not in it
    if (prefix.empty() || is_safe(prefix))
      action.command = install("npm install -g --prefix " + (prefix.empty() ? "/" : prefix),
                               installed_by(packages, action));
  } else if (known || modules.has_project(action.where)) {
    const Project project{packages, action, modules.of_project(action.where), modules,
                          modules.dependents(action.where)};
    for (Remediation::Step& step : action.steps) {
      step.direct = std::ranges::any_of(step.packages, [&](std::size_t i) { return packages[i].asked; });
      if (!step.direct) step.through = some_of(asked_for(project, step.packages));
    }
    known ? add_managers_command(project, *manager, action) : add_project_command(project, action);
    say_what_comes_back(project, action);
  } else {
    action.words =
        "no package.json there asks for any of them (it is not in the image, or its workspaces or "
        "peerDependencies do): where the project is built, install those that it names, and "
        "override the others there (yarn: resolutions)";
  }
}

}  // namespace peekr
