// SPDX-License-Identifier: Apache-2.0
#include "cli/access.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "cli/reports.h"

namespace peekr {
namespace {

// Of all images of an index.
Result<int> inventory_platforms(const Options& options) {
  const std::unique_ptr<Session> session = TRY(Session::open(options));
  IndexReport index = TRY(take_inventories(session->request()));
  session->finish();
  tell_remarks(options);
  index.created = now();
  return finish(options, std::move(index), {}, Extent::packages);
}

}  // namespace

Result<int> inventory_command(const Options& options) {
  if (options.request.image.all_platforms) return inventory_platforms(options);
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
