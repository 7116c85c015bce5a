// SPDX-License-Identifier: Apache-2.0
// peekr convert: a report or an inventory that -f json wrote, in another format.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
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

bool has_files(const Report& report) {
  return std::ranges::any_of(report.inventory.packages,
                             [](const Package& one) { return !one.files.empty(); });
}

bool has_files(Saved& saved) {
  if (!saved.index) return has_files(saved.report);
  return std::ranges::any_of(reports_in(*saved.index), [](const Report* one) { return has_files(*one); });
}

}  // namespace

Result<int> convert_command(const Options& asked) {
  const std::string& platform = asked.request.image.platform;
  Saved saved = TRY(read_saved_file(asked.file));
  if (!platform.empty()) saved = TRY(within(printable(asked.file), one_of(std::move(saved), platform)));
  Options options = asked;
  if (saved.index) TRY(check_formats_of_platforms(options));
  if (saved.extent == Extent::packages) {
    TRY(check_formats(options));
    options.files = has_files(saved);
  }
  TRY(saved.index ? write_reports(options, *saved.index, saved.extent)
                  : write_reports(options, saved.report, saved.extent));
  const Verdict& verdict = saved.index ? saved.index->verdict : saved.report.verdict;
  if (verdict.exit_code != 0)
    tell(options, fmt::format("exit code {} was that of the scan", verdict.exit_code));
  tell_timing(options);
  return 0;
}

}  // namespace peekr
