// SPDX-License-Identifier: Apache-2.0
// What the tests of the plan share.
#pragma once

#include "policy/plan.h"

namespace peekr::testing_plan {

inline void add_command(const Report& report, Remediation::Action& one) {
  Means means(report.inventory.packages, report.image.kind);
  add_command(means, one);
}

// The plan, where that is what is left.
inline Remediation settled(const Report& report, const Findings& left = {}) {
  Means means(report.inventory.packages, report.image.kind);
  Remediation plan = drafted(report, means);
  settle(report, left, means, plan);
  return plan;
}

}  // namespace peekr::testing_plan
