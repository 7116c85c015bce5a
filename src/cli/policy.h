// SPDX-License-Identifier: Apache-2.0
// What the options on gates, filters and exceptions mean (docs/policy.md).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace peekr {

// As they stand on the command line.
struct PolicyTexts {
  std::string fail_on, fail_on_base = "on";
  std::vector<std::string> grace;                 // "critical=7d"
  std::vector<std::string> severities, statuses;  // of --severity, --ignore-status
};

// Errc::usage names the option.
Status set_policy(const PolicyTexts& texts, Policy& policy);
// The files that the options name, and the day by which they are asked: that of --as-of, or today.
Status load_policy(const Options& options, Policy& policy);

}  // namespace peekr
