// SPDX-License-Identifier: Apache-2.0
// What scan, inventory and convert write: a report or an inventory, in each format that was asked for.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

// Reads the file of --template, and asks whether it is one: before there is anything to write.
Status load_template(Options& options);
// To --output or standard output, and to each FORMAT=FILE; files are told of.
Status write_reports(const Options& options, const Report& report, Extent extent);

}  // namespace peekr
