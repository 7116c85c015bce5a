// SPDX-License-Identifier: Apache-2.0
// A comparison of two reports as text: for people, and for programs (docs/schema/compare.schema.json).
#pragma once

#include <string>

#include "model/comparison.h"
#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

// What was compared, what came of it and by what it is judged.
struct Compared {
  const Report& before;
  const Report& after;
  const Comparison& comparison;
  Verdict verdict;
  std::string version, created;  // of peekr, and when; as in a report
};

[[nodiscard]] std::string compare_table(const Compared& all, const Style& style);
[[nodiscard]] std::string compare_json(const Compared& all);

}  // namespace peekr
