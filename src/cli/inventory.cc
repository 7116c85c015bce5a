// SPDX-License-Identifier: Apache-2.0
#include "cli/access.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "cli/reports.h"
#include "cli/saved_file.h"
#include "model/end_of_life.h"

namespace peekr {
namespace {

void date(Report& report, const std::string& time) {
  report.version = PEEKR_VERSION;
  report.created = time;
  if (const std::optional<Distro>& distro = report.inventory.distro)
    report.verdict.end_of_life = end_of_life(*distro, time.substr(0, 10));
}

// Of all images of an index.
Result<int> inventory_platforms(const Options& options) {
  const std::unique_ptr<Session> session = TRY(Session::open(options));
  IndexReport index = TRY(take_inventories(session->request()));
  session->finish();
  tell_remarks(options);
  index.created = now();
  for (Report* one : reports_in(index)) date(*one, index.created);
  return finish(options, std::move(index), {}, Extent::packages);
}

}  // namespace

Result<int> inventory_command(const Options& options) {
  TRY(refuse_saved_file(options.request.image.text));
  if (options.request.image.all_platforms) return inventory_platforms(options);
  const std::unique_ptr<Session> session = TRY(Session::open(options));
  Report report = TRY(take_inventory(session->request()));
  session->finish();
  tell_remarks(options);
  date(report, now());
  TRY(write_reports(options, report, Extent::packages));
  tell_timing(options);
  return 0;
}

}  // namespace peekr
