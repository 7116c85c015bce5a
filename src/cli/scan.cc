// SPDX-License-Identifier: Apache-2.0

#include "base/timer.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "report/finding_groups.h"

namespace peekr {
namespace {

// The report went where a person does not see it: why the exit code is what it is belongs on standard error
// then.
void tell_verdict(const Options& options, const Report& report) {
  if (options.output.empty() && options.format == "table") return;
  if (!options.output.empty()) tell(options, "report: " + options.output);
  const Assessment how = assessment(report);
  if (how == Assessment::none) tell(options, "not assessed: " + not_assessed(report).front());
  if (how == Assessment::partial)
    tell(options, "not everything could be assessed: the report's notes say what");
  for (const std::string& reason : report.verdict.reasons) {
    tell(options, "exit code " + std::to_string(report.verdict.exit_code) + ": " + reason);
  }
}

}  // namespace

Result<int> scan_command(const Options& options) {
  const Db db = TRY(open_database(options));
  Request request = options.request;
  const std::string time = now();
  request.policy.today = time.substr(0, 10);
  Report report = TRY(scan(request, db));
  report.version = PEEKR_VERSION;
  report.created = time;
  std::string text;
  {
    const Timer timer("report", options.format);
    find_reporter(options.format)->scan(report, style_of(options), text);
  }
  TRY(write_output(options, text));
  tell_verdict(options, report);
  tell_timing(options);
  return report.verdict.exit_code;
}

}  // namespace peekr
