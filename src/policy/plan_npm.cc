// SPDX-License-Identifier: Apache-2.0
// By what the packages of a Node.js project go to other versions (docs.npmjs.com, "npm install", "package.json": overrides). What the
// project asks for itself is installed. All others are what somebody else asks for, who would get the old version again, in a folder
// of its own: an override of package.json says otherwise. npm before 11 looks at overrides for what it is about to install alone, and
// leaves what is there (tried with 9.2, 9.9, 10.8 and 10.9).
#include <algorithm>
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
  std::map<std::size_t, std::vector<std::size_t>> dependents;
};

// What the project asks for that needs these packages, if only by what needs them in turn.
std::set<std::string> asked_for(const Project& project, const std::vector<std::size_t>& of) {
  std::set<std::string> names;
  std::set<std::size_t> seen(of.begin(), of.end());
  std::vector<std::size_t> open = of;
  while (!open.empty()) {
    const auto found = project.dependents.find(open.back());
    open.pop_back();
    if (found == project.dependents.end()) continue;
    for (const std::size_t index : found->second) {
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

// Whether somebody besides the project asks for it; who needs what a lock file lists is not known.
bool is_others_need(const Project& project, const Remediation::Step& step) {
  return std::ranges::any_of(step.packages, [&](std::size_t index) {
    return project.packages[index].declared || project.dependents.contains(index);
  });
}

// What goes to one version, from the lowest that there is on.
struct Override {
  std::string name, to, from;
};

// Of a name the lower version first: npm takes the first that fits.
std::vector<Override> overrides_of(const Project& project, const std::map<std::string, std::string>& direct) {
  std::vector<Override> all;
  for (const Remediation::Step& step : project.action.steps) {
    const auto installed = direct.find(step.name);
    const bool is_installed = step.direct && installed != direct.end() && installed->second == step.to;
    if (!is_safe(step.name) || !is_version(step.to) || !is_version(step.from)) continue;
    if (is_installed && !is_others_need(project, step)) continue;
    const auto same = std::ranges::find_if(
        all, [&](const Override& one) { return one.name == step.name && one.to == step.to; });
    if (same == all.end()) {
      all.push_back({step.name, step.to, step.from});
    } else if (is_lower(step.from, same->from)) {
      same->from = step.from;
    }
  }
  std::ranges::stable_sort(all, [](const Override& a, const Override& b) {
    return a.name != b.name ? a.name < b.name : is_lower(a.to, b.to);
  });
  return all;
}

// Whether a version of that name stays that is lower than the override's.
bool has_lower(const Project& project, const Override& one) {
  std::set<std::size_t> changed;
  for (const Remediation::Step& step : project.action.steps)
    changed.insert(step.packages.begin(), step.packages.end());
  for (std::size_t i = 0; i < project.packages.size(); ++i) {
    const Package& package = project.packages[i];
    if (package.type == "npm" && package.name == one.name && is_lower(package.version, one.from) &&
        !changed.contains(i) && NodeModules::project_of(package) == project.action.where)
      return true;
  }
  return false;
}

// Which versions it is for: none below those that are there, where a lower one stays. "=" would end the key.
std::string versions_of(const Project& project, const Override& one) {
  return has_lower(project, one) ? one.from + " || >" + one.from + " <" + one.to : "<" + one.to;
}

// By name the version that npm is told to install.
std::map<std::string, std::string> installed_by(const Remediation::Action& action) {
  std::map<std::string, std::string> all;
  for (const Remediation::Step& step : action.steps) {
    if (!step.direct || !is_safe(step.name) || !is_version(step.to)) continue;
    std::string& to = all[step.name];
    if (to.empty() || is_lower(to, step.to)) to = step.to;
  }
  return all;
}

std::string install(std::string_view command, const std::map<std::string, std::string>& versions) {
  std::string all(command);
  for (const auto& [name, version] : versions) all += " " + name + "@" + version;
  return all;
}

// Nothing that the project asks for only to be developed is in the image: npm would bring all of it.
bool omits_development(const Project& project) {
  if (!missing_program("npm", project.packages).empty()) return false;  // it runs where that may be
  return std::ranges::none_of(project.packages, [&](const Package& package) {
    return package.type == "npm" && package.asked && !package.essential && !package.declared &&
           NodeModules::project_of(package) == project.action.where;
  });
}

void add_project_command(const Project& project, Remediation::Action& action) {
  const std::map<std::string, std::string> direct = installed_by(action);
  const std::vector<Override> overrides = overrides_of(project, direct);
  const std::string omit = omits_development(project) ? " --omit=dev" : "";
  if (!direct.empty()) action.command = install("npm install" + omit, direct);
  if (overrides.empty()) return;
  action.command += (direct.empty() ? "" : " && ") + std::string("npm pkg set");
  for (const Override& one : overrides)
    action.command += " 'overrides[" + one.name + "@" + versions_of(project, one) + "]=" + one.to + "'";
  action.command += " && npx -y npm@11 install" + omit;
  action.words =
      "npm before 11 leaves what is overridden as it is, hence npm@11; those that need it did not choose "
      "that "
      "version: test them";
}

// pnpm keeps each version in a folder of its own, and links to it.
bool is_of_pnpm(const Report& report, const Remediation::Action& action) {
  return std::ranges::any_of(action.steps, [&](const Remediation::Step& step) {
    return std::ranges::any_of(step.packages, [&](std::size_t i) {
      return report.inventory.packages[i].path.str().find("node_modules/.pnpm/") != std::string::npos;
    });
  });
}

}  // namespace

void add_npm_command(const Report& report, Remediation::Action& action) {
  const std::vector<Package>& packages = report.inventory.packages;
  const NodeModules modules(packages);
  if (is_of_pnpm(report, action)) {
    action.words =
        "pnpm installed them: name the versions in pnpm.overrides of package.json, then pnpm install";
  } else if (modules.is_global(action.where)) {
    const std::string prefix = action.where.substr(0, action.where.rfind("/lib"));
    for (Remediation::Step& step : action.steps) step.direct = true;  // what lies within others is not in it
    if (prefix.empty() || is_safe(prefix))
      action.command =
          install("npm install -g --prefix " + (prefix.empty() ? "/" : prefix), installed_by(action));
  } else if (modules.has_project(action.where)) {
    const Project project{packages, action, modules.dependents(action.where)};
    for (Remediation::Step& step : action.steps) {
      step.direct = std::ranges::any_of(step.packages, [&](std::size_t i) { return packages[i].asked; });
      if (!step.direct) step.through = some_of(asked_for(project, step.packages));
    }
    add_project_command(project, action);
  } else {
    action.words =
        "its package.json is not in the image: where the project is built, install those that it names, and "
        "override the others there (yarn: resolutions)";
  }
}

}  // namespace peekr
