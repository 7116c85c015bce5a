// SPDX-License-Identifier: Apache-2.0
#include "scan/plan.h"

#include <algorithm>

#include "base/text.h"
#include "base/timer.h"
#include "catalog/catalog.h"
#include "match/match.h"
#include "policy/plan.h"
#include "policy/rebase.h"
#include "source/base.h"

namespace peekr {
namespace {

// Of a version that is vulnerable itself the next one is tried; two are rare.
constexpr int kMostRounds = 8;
constexpr std::size_t kMostJudged = 4;  // of the images that may become the base image

Result<Remediation> plan_of(const Report& report, const Db& db) {
  Means means(report.inventory.packages);
  Remediation plan = drafted(report, means);
  Findings left = TRY(match(changed(report.inventory, plan), db));
  for (int round = 0; round < kMostRounds && raise(left, plan); ++round)
    left = TRY(match(changed(report.inventory, plan), db));
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
