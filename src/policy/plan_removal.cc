// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/upgrade.h"
#include "policy/plan.h"
#include "policy/spare.h"

namespace peekr {
namespace {

// The package itself, or the one that installed it.
std::size_t system_package(const std::vector<Package>& packages, std::size_t index) {
  return packages[index].owner.value_or(index);
}

// Names of what is needed, each with those that need it.
std::map<std::string_view, std::vector<std::size_t>> needed_by(const std::vector<Package>& packages,
                                                               const Spare& spare) {
  std::map<std::string_view, std::vector<std::size_t>> all;
  for (const std::size_t index : spare.packages) {
    for (const std::string& need : packages[index].needs) {
      for (const std::string_view name : split(need, '|')) all[name].push_back(index);
    }
  }
  return all;
}

// What has something left in it; dpkg takes with it what needs it, which is spare as well.
std::set<std::size_t> going(const Report& report, const std::vector<Finding>& left, const Spare& spare) {
  const std::vector<Package>& packages = report.inventory.packages;
  const std::set<std::size_t> may(spare.packages.begin(), spare.packages.end());
  auto needing = needed_by(packages, spare);  // each name is looked at once
  std::set<std::size_t> out;
  std::vector<std::size_t> next;
  const auto take = [&](std::size_t index) {
    if (may.contains(index) && is_plain(packages[index].name) && out.insert(index).second)
      next.push_back(index);
  };
  const auto take_those_in_need_of = [&](std::string_view name) {
    const auto found = needing.extract(name);
    if (found.empty()) return;
    for (const std::size_t index : found.mapped()) take(index);
  };
  for (const Finding& one : left) take(system_package(packages, one.package));
  while (!next.empty()) {
    const Package& package = packages[next.back()];
    next.pop_back();
    take_those_in_need_of(package.name);
    for (const std::string& name : package.provides) take_those_in_need_of(name);
  }
  return out;
}

Remediation::Action removal(const std::vector<Package>& packages, const std::set<std::size_t>& out) {
  Remediation::Action action;
  action.type = "deb";
  std::vector<std::string> names;
  std::map<std::string, Remediation::Step> steps;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Package& package = packages[system_package(packages, i)];
    if (!out.contains(system_package(packages, i))) continue;
    names.push_back(package.name);
    Remediation::Step& step = steps[source_of(package) + " " + source_version_of(package)];
    step.name = source_of(package);
    step.from = source_version_of(package);
    step.packages.push_back(i);
  }
  sort_unique(names);
  action.command = "apt-get purge -y " + join(names, " ");
  for (auto& [key, step] : steps) action.steps.push_back(std::move(step));
  return action;
}

}  // namespace

void leave_out(const Report& report, const Findings& left, Remediation& plan) {
  const std::vector<Package>& packages = report.inventory.packages;
  ByPackage listed;
  listed.add(report.findings.list);
  std::vector<Finding> before;
  std::ranges::copy_if(left.list, std::back_inserter(before),
                       [&listed](const Finding& one) { return listed.holds(one); });
  if (before.empty() || upgrade_command("deb", packages).empty()) return;
  const Spare spare = spare_packages(report);
  const std::set<std::size_t> out = going(report, before, spare);
  if (out.empty()) return;
  Findings rest;
  for (const Finding& one : left.list) {
    if (!out.contains(system_package(packages, one.package))) rest.list.push_back(one);
  }
  ByPackage then, now;
  now.add(before);
  then.add(rest.list);
  Remediation::Action action = removal(packages, out);
  count_removed(report, now, then, action);
  action.words =
      "the entry point is a program of " + spare.entry +
      ", and by what packages declare nothing that stays needs these; what scripts and programs of yours "
      "call is not seen";
  plan.actions.push_back(std::move(action));
  sum_up(report, rest, plan);
}

}  // namespace peekr
