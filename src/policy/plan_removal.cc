// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/upgrade.h"
#include "policy/needs.h"
#include "policy/plan.h"
#include "policy/spare.h"

namespace peekr {
namespace {

// The package itself, or the one that installed it.
std::size_t system_package(const std::vector<Package>& packages, std::size_t index) {
  return packages[index].owner.value_or(index);
}

// What has something left in it; what needs it goes with it, which is spare as well.
std::set<std::size_t> going(const Report& report, const std::vector<Finding>& left, const Spare& spare) {
  const std::vector<Package>& packages = report.inventory.packages;
  const std::set<std::size_t> may(spare.packages.begin(), spare.packages.end());
  const std::string native = native_architecture(packages);
  PackageIndex needing = by_need(packages, spare.packages);  // each name is looked at once
  std::set<std::size_t> out;
  std::vector<std::size_t> next;
  const auto take = [&](std::size_t index) {
    if (may.contains(index) && !name_in_command(packages[index], native).empty() && out.insert(index).second)
      next.push_back(index);
  };
  for (const Finding& one : left) take(system_package(packages, one.package));
  while (!next.empty()) {
    const Package& package = packages[next.back()];
    next.pop_back();
    for (const std::string& name : answers_of(package)) {
      const auto found = needing.extract(name);
      if (found.empty()) continue;
      for (const std::size_t index : found.mapped()) take(index);
    }
  }
  return out;
}

// What is told to go, and all that goes.
struct Removal {
  std::string type, command;
  std::set<std::size_t> named, out;
};

// Nothing: there is nothing to remove, or it is not certain what. apk is told only what it was asked for.
std::optional<Removal> removal_of(const Report& report, const Spare& spare,
                                  const std::vector<Finding>& left) {
  const std::vector<Package>& packages = report.inventory.packages;
  Removal all{.type = spare.type, .command = removal_command(spare.type, packages)};
  if (all.command.empty()) return std::nullopt;
  all.named = all.out = going(report, left, spare);
  if (spare.type == "apk") {
    std::erase_if(all.named, [&](std::size_t i) { return !packages[i].asked; });
    std::optional<std::set<std::size_t>> gone = gone_with(report, spare, all.named);
    if (!gone) return std::nullopt;
    all.out = *std::move(gone);
  }
  return all.named.empty() ? std::nullopt : std::optional(std::move(all));
}

Remediation::Action action_of(const std::vector<Package>& packages, const Removal& removal) {
  Remediation::Action action;
  action.type = removal.type;
  std::vector<std::string> names;
  std::map<std::string, Remediation::Step> steps;
  const std::string native = native_architecture(packages);
  for (const std::size_t i : removal.named) names.push_back(name_in_command(packages[i], native));
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const std::size_t of = system_package(packages, i);
    if (!removal.out.contains(of)) continue;
    const Package& package = packages[of];
    Remediation::Step& step = steps[source_of(package) + " " + source_version_of(package)];
    step.name = source_of(package);
    step.from = source_version_of(package);
    step.packages.push_back(i);
  }
  sort_unique(names);
  action.command = removal.command + " " + join(names, " ");
  for (auto& [key, step] : steps) action.steps.push_back(std::move(step));
  return action;
}

std::string words_for(const Removal& removal, const Spare& spare) {
  return "the entry point is a program of " + spare.entry +
         ", and by what packages declare nothing that stays needs these" +
         (removal.type == "apk" ? ", nor what apk takes with them, libraries of theirs" : "") +
         "; what scripts and programs of yours call is not seen";
}

}  // namespace

void leave_out(const Report& report, const Findings& left, Means& means, Remediation& plan) {
  const std::vector<Package>& packages = report.inventory.packages;
  const ByPackage listed(report.findings.list);
  std::vector<Finding> before;
  std::ranges::copy_if(left.list, std::back_inserter(before),
                       [&listed](const Finding& one) { return listed.holds(one); });
  if (before.empty()) return;
  const Spare spare = spare_packages(report);
  const std::optional<Removal> removal = removal_of(report, spare, before);
  if (!removal) return;
  Findings rest;
  for (const Finding& one : left.list) {
    if (!removal->out.contains(system_package(packages, one.package))) rest.list.push_back(one);
  }
  const ByPackage now(before), then(rest.list);
  Remediation::Action action = action_of(packages, *removal);
  count_removed(report, now, then, action);
  action.words = words_for(*removal, spare);
  plan.actions.push_back(std::move(action));
  sum_up(report, rest, means, plan);
}

}  // namespace peekr
