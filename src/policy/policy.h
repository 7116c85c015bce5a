// SPDX-License-Identifier: Apache-2.0
// Stage "judge": Inventory and Findings in, Verdict out: gates and exit code (docs/exit-codes.md).
#pragma once

#include <optional>
#include <string>

#include "model/report.h"

namespace peekr {

struct Policy {
  std::optional<Severity> fail_on;  // any finding of at least this severity: exit code 2
  std::optional<int> exit_code;     // instead of 2; without fail_on: for any finding at all
  std::optional<int> exit_on_eol;   // the operating system is past its end of life
  bool fail_on_incomplete = false;  // something could not be looked at: exit code 4
  std::string today;                // "2026-11-23": what end of life is measured against
};

[[nodiscard]] Verdict judge(const Inventory& inventory, const Findings& findings, const Policy& policy);

}  // namespace peekr
