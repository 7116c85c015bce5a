// SPDX-License-Identifier: Apache-2.0
// What scan, inventory and convert write: a report or an inventory, in each format that was asked for.
#pragma once

#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

// Reads the file of --template, and asks whether it is one: before there is anything to write.
Status load_template(Options& options);
// To --output or standard output, and to each FORMAT=FILE; files are told of.
Status write_reports(const Options& options, const Report& report, Extent extent);
Status write_reports(const Options& options, const IndexReport& index, Extent extent);
// The end of scan and inventory of an index: its outcome, written and told. The exit code.
Result<int> finish(const Options& options, IndexReport index, const Policy& policy, Extent extent);
// Errc::usage: one of the formats is of one image.
Status check_formats_of_platforms(const Options& options);

[[nodiscard]] std::vector<Report*> reports_in(IndexReport& index);

}  // namespace peekr
