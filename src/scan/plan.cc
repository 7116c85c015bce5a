// SPDX-License-Identifier: Apache-2.0
#include "scan/plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "base/timer.h"
#include "catalog/catalog.h"
#include "match/fixed_versions.h"
#include "match/match.h"
#include "model/upgrade.h"
#include "policy/held.h"
#include "policy/plan.h"
#include "policy/rebase.h"
#include "source/base.h"

namespace peekr {
namespace {

// Of a version that is vulnerable itself the next one is tried; two are rare.
constexpr int kMostRounds = 8;
constexpr std::size_t kMostTried = 2000;  // versions of what has findings in the version of the last fix
constexpr std::size_t kMostJudged = 4;    // of the images that may become the base image

// A package of a language that no fix leads to a version without findings: `package` is one of the step's.
struct Stuck {
  Remediation::Step* step = nullptr;
  std::size_t package = 0;
};

std::vector<Stuck> stuck(const Report& report, const Findings& left, Remediation& plan) {
  ByPackage before(report.findings.list);
  before.add(report.findings.suppressed);
  std::set<std::size_t> open;
  for (const Finding& one : left.list) {
    const bool is_to_be_fixed = !one.fixed_in.empty() && one.kind != Advisory::Kind::malware;
    if (is_to_be_fixed || !before.holds(one)) open.insert(one.package);
  }
  std::vector<Stuck> all;
  for (Remediation::Action& action : plan.actions) {
    if (has_upgrade_command(action.type)) continue;  // its versions are those of a distribution
    for (Remediation::Step& step : action.steps) {
      const auto one = std::ranges::find_if(step.packages, [&](std::size_t i) { return open.contains(i); });
      if (one != step.packages.end()) all.push_back({&step, *one});
    }
  }
  return all;
}

// What rules of the user's take out is in no plan.
std::vector<Finding> taken_out(const Report& report) {
  std::vector<Finding> all;
  for (const Suppressed& one : report.findings.suppressed) {
    using enum Suppressed::Rule;
    if (one.rule == filter || one.rule == baseline || one.rule == exception || one.rule == vex)
      all.push_back(one.finding);
  }
  return all;
}

Result<Findings> judged(const Report& report, const Db& db, const Remediation& plan) {
  const std::vector<Finding> out = taken_out(report);
  const ByPackage without(out), with(report.findings.list);
  Findings found = TRY(match(changed(report.inventory, plan), db));
  std::erase_if(found.list, [&](const Finding& one) { return without.holds(one) && !with.holds(one); });
  return found;
}

// Whether what is found in another version of the package is nothing but what is found now, and has no fix, or is taken out.
bool brings_nothing(const Report& report, const std::vector<Finding>& out, std::size_t package,
                    const std::vector<const Finding*>& found) {
  return std::ranges::all_of(found, [&](const Finding* one) {
    const auto same = [&](const Finding& now) { return now.package == package && now.id == one->id; };
    return std::ranges::any_of(out, same) ||
           (one->fixed_in.empty() && std::ranges::any_of(report.findings.list, same));
  });
}

// Where no fix leads to a version without findings: the lowest one above that any record calls fixed, and that has none. False: there is
// no such version of any of them.
Result<bool> go_on(const Report& report, const Db& db, const Findings& left, Remediation& plan) {
  const std::vector<Stuck> all = stuck(report, left, plan);
  if (all.empty()) return false;
  const Inventory now = changed(report.inventory, plan);
  Inventory ends{.distro = now.distro}, trial{.distro = now.distro};
  for (const Stuck& one : all) {
    ends.packages.push_back(now.packages[one.package]);
    ends.packages.back().owner.reset();
  }
  const std::vector<std::vector<std::string>> versions = TRY(fixed_versions(ends, db));
  std::vector<std::pair<const Stuck*, std::string>> tried;
  for (std::size_t i = 0; i < all.size() && tried.size() < kMostTried; ++i) {
    for (const std::string& version : versions[i]) {
      tried.emplace_back(&all[i], version);
      trial.packages.push_back(ends.packages[i]);
      trial.packages.back().version = version;
    }
  }
  const Findings found = TRY(match(trial, db));
  const ByPackage by_trial(found.list);
  const std::vector<Finding> out = taken_out(report);
  const Stuck* done = nullptr;
  for (std::size_t i = 0; i < tried.size(); ++i) {
    const auto& [one, version] = tried[i];
    if (one == done || !brings_nothing(report, out, one->package, by_trial.of(i))) continue;
    one->step->to = version;
    done = one;
  }
  return done != nullptr;
}

Result<Remediation> plan_of(const Report& report, const Db& db) {
  Means means(report.inventory.packages, report.image.kind);
  Remediation plan = drafted(report, means);
  Findings left = TRY(judged(report, db, plan));
  for (int round = 0; round < kMostRounds && raise(left, plan); ++round) left = TRY(judged(report, db, plan));
  if (TRY(go_on(report, db, left, plan))) left = TRY(judged(report, db, plan));
  settle(report, left, means, plan);
  leave_out(report, left, means, plan);
  return plan;
}

// The image on another base, and what is found there.
struct Rebased {
  OtherBase other;
  Inventory inventory;
  Findings found;
};

// What lowers the risk most; of equals the greatest tag.
Result<std::optional<Rebased>> best_base(const Report& report, const Db& db, const SeenBases& bases) {
  const Inventory present = base_part(report);
  std::optional<Rebased> best;
  double risk = 0;  // of the best so far
  for (const Finding& one : report.findings.list) risk += one.risk.total;
  std::size_t judged = 0;
  for (const SeenImage& seen : bases.others) {
    if (judged == kMostJudged || !is_later(present, seen.inventory)) continue;
    ++judged;
    Rebased one{.other = {bases.name, seen.name, seen.digest}, .inventory = rebased(report, seen.inventory)};
    one.found = TRY(match(one.inventory, db));
    const double then = risk_of(report, one.found);
    if (then >= risk) continue;
    risk = then;
    best = std::move(one);
  }
  return best;
}

// Where nothing better is known: how it could be.
std::string about_bases(const Report& report, const SeenBases& bases) {
  const BaseImage& base = report.image.base;
  const auto of_base = [&](const Finding& one) {
    return is_of_base(report.image, report.inventory.packages[one.package].layer);
  };
  if (!has_layers(report.image)) return {};
  if (base.layers > 0 && std::ranges::none_of(report.findings.list, of_base)) return {};
  const std::string scan = "peekr scan " + (bases.is_reference ? bases.name : "NAME");
  if (base.layers == 0)
    return report.image.layers.size() < 2
               ? ""
               : "which layers are the base image's is not known: " + scan + ", once, tells";
  const std::string name = bases.name.empty() ? "the base image" : "base image " + bases.name;
  if (bases.others.empty())
    return name + ": no later one was fetched from its registry before: " + scan +
           " (or a later tag), once, makes it known";
  return name + ": none of its line that was scanned before is later and has less of a risk (known: " +
         std::to_string(bases.others.size()) + ")";
}

}  // namespace

Result<Remediation> plan_for(const Report& report, const Db& db, Cache* cache) {
  const Timer timer("scan/plan");
  if (report.findings.list.empty()) return plan_of(report, db);
  Cache none("");
  const SeenBases bases = seen_bases(report.image, reader().version(), cache == nullptr ? none : *cache);
  std::optional<Rebased> better = TRY(best_base(report, db, bases));
  if (!better) {
    Remediation plan = TRY(plan_of(report, db));
    plan.base_image = about_bases(report, bases);
    return plan;
  }
  Remediation base = base_plan(report, better->inventory, better->found, better->other);
  Remediation rest = TRY(plan_of(on_base(report, std::move(better->inventory), better->found), db));
  return joined(std::move(base), std::move(rest));
}

}  // namespace peekr
