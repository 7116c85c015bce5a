// SPDX-License-Identifier: Apache-2.0
// What other records know of a vulnerability that some record found in a package; and its risk. Pure.
#pragma once

#include <span>

#include "model/finding.h"

namespace peekr {

// records: all that bear the finding's id, those that matched too. Adds their grades, weaknesses and exploits, and the
// earliest day on which one of them was published; the severity and the score where those that matched have none.
void enrich(std::span<const Advisory* const> records, Finding& finding);

// The rule of docs/risk.md: of the finding's severity, score, risks and exploits.
[[nodiscard]] RiskScore risk_score(const Finding& finding);

}  // namespace peekr
