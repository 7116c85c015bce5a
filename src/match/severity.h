// SPDX-License-Identifier: Apache-2.0
// The severity of a finding, by one rule (docs/severity.md). Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/finding.h"

namespace peekr {

// What one record says about how bad it is.
struct Statement {
  const Advisory* advisory = nullptr;
  std::string urgency;               // of the affected package
  std::vector<std::string> vectors;  // of the affected package; the advisory's own come on top
  bool of_several = false;           // an erratum's word is that of the worst of its vulnerabilities
};

// Steps 1 and 2: the records that matched. All that they say are the finding's grades.
void rate(std::span<const Statement> matched, Finding& finding);
// Step 3: every other record with its id, for the severity and the score that are still unknown. What they say is added to
// the grades, what one source says twice once.
void rate_by_others(std::span<const Advisory* const> others, Finding& finding);

}  // namespace peekr
