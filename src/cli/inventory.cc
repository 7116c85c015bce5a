// SPDX-License-Identifier: Apache-2.0
#include "cli/access.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "cli/reports.h"

namespace peekr {

Result<int> inventory_command(const Options& options) {
  const std::unique_ptr<Session> session = TRY(Session::open(options));
  Report report = TRY(take_inventory(session->request()));
  session->finish();
  tell_remarks(options);
  report.version = PEEKR_VERSION;
  report.created = now();
  TRY(write_reports(options, report, Extent::packages));
  tell_timing(options);
  return 0;
}

}  // namespace peekr
