// SPDX-License-Identifier: Apache-2.0
#include "scan/plan.h"

#include "base/timer.h"
#include "match/match.h"
#include "policy/plan.h"

namespace peekr {
namespace {

// Of a version that is vulnerable itself the next one is tried; two are rare.
constexpr int kMostRounds = 8;

}  // namespace

Result<Remediation> plan_for(const Report& report, const Db& db) {
  const Timer timer("scan/plan");
  Remediation plan = drafted(report);
  Findings left = TRY(match(changed(report.inventory, plan), db));
  for (int round = 0; round < kMostRounds && raise(left, plan); ++round)
    left = TRY(match(changed(report.inventory, plan), db));
  settle(report, left, plan);
  return plan;
}

}  // namespace peekr
