// SPDX-License-Identifier: Apache-2.0
// peekr db update: one line a source as it is done, on standard error; a summary at the end.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "cli/access.h"
#include "cli/bars.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "cli/reports.h"
#include "cli/saved_file.h"
#include "cli/updating.h"
#include "report/columns.h"
#include "service/update.h"

namespace peekr {
namespace {

std::string summary(const std::vector<Outcome>& all) {
  std::size_t updated = 0, unchanged = 0, failed = 0, held = 0;
  std::uint64_t bytes = 0;
  for (const Outcome& one : all) {
    updated += one.how == Outcome::How::updated;
    unchanged += one.how == Outcome::How::unchanged;
    failed += one.how == Outcome::How::failed;
    held += one.how == Outcome::How::held;
    bytes += one.bytes;
  }
  std::string out = fmt::format("{} updated, {} with nothing new, {}", counted(updated, "source"), unchanged,
                                size_text(bytes));
  if (held > 0) out += fmt::format(", {} held back", held);
  if (failed > 0) out += fmt::format(", {} failed", failed);
  return out + "\n";
}

// What judges an image; of a report of several platforms each of them.
Result<std::vector<std::string>> ecosystems_for(const Options& options, const std::string& target) {
  if (is_saved_file(target)) {
    Saved saved = TRY(read_saved_file(target));
    if (!saved.index) return wanted_ecosystems(saved.report.inventory);
    std::vector<std::string> all;
    for (const Report* report : reports_in(*saved.index))
      std::ranges::move(wanted_ecosystems(report->inventory), std::back_inserter(all));
    sort_unique(all);
    return all;
  }
  const std::unique_ptr<Session> session = TRY(Session::open(options));
  Request image = session->request();
  image.image.text = target;
  const Report report = TRY(take_inventory(image));
  session->finish();
  return wanted_ecosystems(report.inventory);
}

}  // namespace

Result<int> db_update_command(const Options& options) {
  UpdateRequest request = update_request(options);
  request.wish.feeds = options.feeds;
  request.accept_shrink = options.accept_shrink;
  Bars bars(options);
  request.turn = turn_of(options);
  request.turn.tell = [&](const std::string& line) { bars.tell("", one_line(line)); };
  request.watch = [&](const Progress& one) { bars.show(one); };
  request.tell = [&](const Outcome& one) {
    bars.tell(one.source, one.how == Outcome::How::absent ? "" : line_of(one, request.now));
  };
  if (!options.only_for.empty()) request.wish.ecosystems = TRY(ecosystems_for(options, options.only_for));
  const std::vector<Outcome> all = TRY(update_db(request));
  TRY(write_output(options, summary(all)));
  tell_remarks(options);
  tell_timing(options);
  bool any = false, whole = true;
  for (const Outcome& one : all) {
    any |= one.how != Outcome::How::absent;
    whole &= one.how != Outcome::How::failed && one.how != Outcome::How::held;
  }
  if (!any) return fail(Errc::not_found, "db update: nothing of what is asked for is in " + options.mirror);
  return whole ? 0 : 1;
}

}  // namespace peekr
