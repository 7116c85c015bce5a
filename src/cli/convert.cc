// SPDX-License-Identifier: Apache-2.0
// peekr convert: a report or an inventory that -f json wrote, in another format.
#include <algorithm>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reports.h"
#include "cli/saved_file.h"

namespace peekr {
namespace {

// An inventory has no findings, and there are formats of nothing else.
Status check_formats(const Options& options) {
  const auto check = [](const std::string& format) -> Status {
    if (format.empty() || find_reporter(format)->inventory != nullptr) return {};
    return fail(Errc::usage, "--format " + format + ": is of findings, and an inventory has none");
  };
  TRY(check(options.format));
  for (const Options::File& file : options.files_too) TRY(check(file.format));
  return {};
}

}  // namespace

Result<int> convert_command(const Options& asked) {
  const Saved saved = TRY(read_saved_file(asked.file));
  Options options = asked;
  if (saved.extent == Extent::packages) {
    TRY(check_formats(options));
    options.files = std::ranges::any_of(saved.report.inventory.packages,
                                        [](const Package& one) { return !one.files.empty(); });
  }
  TRY(write_reports(options, saved.report, saved.extent));
  tell_timing(options);
  return 0;
}

}  // namespace peekr
