// SPDX-License-Identifier: Apache-2.0
// Who is believed where records disagree on one vulnerability of one package, and how sure it is then: the rules of
// docs/matching.md, "When records disagree" and "Confidence". Pure.
#pragma once

#include <vector>

#include "match/group.h"

namespace peekr {

// One record's word on one vulnerability.
struct Claimed {
  const Hit* hit = nullptr;
  const Vulnerability* vulnerability = nullptr;
  bool of_several = false;
};

// What is said of one vulnerability.
struct Decision {
  std::vector<const Claimed*> affected;
  std::vector<const Claimed*> overruled;  // they say "affected", too
  std::vector<const Claimed*> against;
  const Claimed* by = nullptr;  // of those the first that overrules one
};

[[nodiscard]] Decision decide(const std::vector<const Claimed*>& cluster);
[[nodiscard]] Dissent dissent(const Claimed& one);
// Of a finding that has its proofs, standing and fixes.
void rate_confidence(const Decision& decision, Finding& finding);

}  // namespace peekr
