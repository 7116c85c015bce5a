// SPDX-License-Identifier: Apache-2.0
// What scan, inventory and convert write: a report, in each format that was asked for.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

// To --output or standard output, and to each FORMAT=FILE.
Status write_reports(const Options& options, const Report& report, Extent extent);

}  // namespace peekr
