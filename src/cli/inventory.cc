// SPDX-License-Identifier: Apache-2.0
#include "base/timer.h"
#include "cli/access.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace peekr {

Result<int> inventory_command(const Options& options) {
  const std::unique_ptr<Session> session = TRY(Session::open(options));
  Report report = TRY(take_inventory(session->request()));
  session->finish();
  report.version = PEEKR_VERSION;
  report.created = now();
  std::string text;
  {
    const Timer timer("report", options.format);
    find_reporter(options.format)->inventory(report, style_of(options), text);
  }
  TRY(write_output(options, text));
  if (!options.output.empty()) tell(options, "inventory: " + options.output);
  tell_timing(options);
  return 0;
}

}  // namespace peekr
