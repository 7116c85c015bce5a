// SPDX-License-Identifier: Apache-2.0
// peekr scan: the image is read, what judges it is fetched where it is not at hand, and it is judged.
#include "cli/scan.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "cli/access.h"
#include "cli/bars.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "cli/reports.h"
#include "cli/saved_file.h"
#include "cli/terminal.h"
#include "cli/updating.h"
#include "report/columns.h"
#include "report/explain.h"
#include "report/finding_groups.h"
#include "scan/plan.h"
#include "service/concern.h"
#include "service/supply.h"
#include "service/targets.h"

namespace peekr {
namespace {

// Where a person does not see it, because the report went elsewhere or an explanation has no verdict: why the exit code is what
// it is belongs on standard error then.
void tell_verdict(const Options& options, const Report& report) {
  const bool seen = options.output.empty() && options.format == "table";
  if (seen && report.explained.empty()) return;
  const Assessment how = assessment(report);
  if (how == Assessment::none) tell(options, "not assessed: " + not_assessed(report).front());
  if (how == Assessment::partial)
    tell(options, "not everything could be assessed: the report's notes say what");
  for (const std::string& reason : report.verdict.reasons) {
    tell(options, "exit code " + std::to_string(report.verdict.exit_code) + ": " + one_line(reason));
  }
  if (seen) return;  // with the explanation
  for (const std::string& remark : report.verdict.remarks) tell(options, one_line(remark));
}

constexpr std::int64_t kOldSeconds = 5 * 86'400;
constexpr unsigned kTries = 3;  // somebody waits for the answer

std::string age_of(const Options& options, const Age& oldest) {
  const std::string what =
      oldest.source.empty() ? "the newest advisory" : "the data of " + one_line(oldest.source);
  return what + " is " + age_text(oldest.seconds) + " old (" + one_line(oldest.since) + ")" +
         (options.as_of.empty() ? "" : " then");
}

// What makes it new. Of what `db build` has made that is the user's to say.
std::string remedy(const Options& options, const Age& oldest) {
  if (!options.as_of.empty() || oldest.source.empty()) return "";
  if (options.offline && oldest.feeds.empty()) return ": --offline keeps it so";
  return ": " + update_line(options, oldest.feeds);
}

// Old data is a warning, unless it is asked for data that is not. What was built out of files may have been of any time: the
// report says how old its newest advisory is.
Status check_age(const Options& options, const Supply& supplied) {
  const std::optional<Age>& oldest = supplied.oldest;
  if (options.max_db_age) {
    const std::string most = ", and --max-db-age wants " + age_text(*options.max_db_age) + " at most";
    if (!supplied.gaps.empty()) return fail(Errc::not_found, supplied.gaps.front().what + most);
    if (oldest && oldest->seconds > *options.max_db_age)
      return fail(Errc::not_found, age_of(options, *oldest) + most + remedy(options, *oldest));
  } else if (oldest && !oldest->source.empty() && oldest->seconds > kOldSeconds) {
    tell(options, age_of(options, *oldest) + remedy(options, *oldest));
  }
  return {};
}

// Before the image is read: what stands in the way of judging it, whatever it is.
Status check_database(const Options& options) {
  const Result<Db> db = Db::open(database_directory(options));
  if (db || db.error().code != Errc::not_found) return db ? Status{} : Status(fail(db.error()));
  if (!options.offline && options.as_of.empty()) return {};
  return fail(
      Errc::not_found,
      "there is no database of known vulnerabilities in " + printable(database_directory(options)) +
          (options.offline ? ", and --offline forbids to fetch one\n" : ", and --as-of fetches none\n") +
          how_to_get_one(options));
}

// Which of several is the one that all of them rest on: the oldest, and the first that failed.
void add(const Supply& one, Supply& all) {
  all.gaps.insert(all.gaps.end(), one.gaps.begin(), one.gaps.end());
  if (one.oldest && (!all.oldest || one.oldest->seconds > all.oldest->seconds)) all.oldest = one.oldest;
  if (all.failure.empty()) all.failure = one.failure;
}

Result<Db> supplied_database(const Options& options, const Supply& supplied) {
  Result<Db> db = Db::open(database_directory(options));
  if (db && !options.as_of.empty()) return db->as_of(options.as_of);
  if (db || db.error().code != Errc::not_found || supplied.failure.empty()) return db;
  return fail(Errc::not_found, "there is no database of known vulnerabilities in " +
                                   printable(database_directory(options)) + ", and none could be fetched: " +
                                   one_line(supplied.failure) + "\n" + how_to_get_one(options));
}

Result<Supply> supplied(const Options& options, const Inventory& inventory) {
  SupplyRequest request{
      .update = update_request(options), .offline = options.offline, .as_of = options.as_of};
  request.update.fetch.tries = std::min(request.update.fetch.tries, kTries);
  Bars bars(options);
  request.update.watch = [&](const Progress& one) { bars.show(one); };
  request.update.tell = [&](const Outcome& one) {
    const bool news = one.how != Outcome::How::absent && one.how != Outcome::How::unchanged;
    bars.tell(one.source, news ? line_of(one, request.update.now) : "");
  };
  request.warn = [&](const std::string& line) { bars.tell("", one_line(line)); };
  return supply(request, inventory);
}

// No gate is passed by what nobody has looked at.
Status check_gates(const Request& request) {
  if (!request.read.partial || request.policy.allow_partial || !has_gates(request.policy)) return {};
  return fail(Errc::usage,
              "--partial: does not look at all of an image, so no gate (--fail-on, --exit-code, "
              "--exit-on-eol, gates of "
              "a policy file) is asked of it\nleave out --partial, or say --allow-partial");
}

Status write_explanation(const Options& options, const Report& report) {
  std::string text;
  peekr::write_explanation(report, style_of(options), text);
  TRY(write_output(options, text));
  if (!options.output.empty()) tell(options, "explanation: " + options.output);
  return {};
}

// What judges them, fetched where it is not at hand; what is not to be had is a note of the report that it concerns.
Result<Db> database_for(const Options& options, const std::vector<Report*>& reports) {
  Supply all;
  std::map<std::vector<std::string>, Supply> known;  // most platforms of an index want the same
  for (Report* report : reports) {
    const std::vector<std::string> wanted = wanted_ecosystems(report->inventory);
    auto at = known.find(wanted);
    if (at == known.end()) {
      const Supply one = TRY(supplied(options, report->inventory));
      add(one, all);
      at = known.emplace(wanted, one).first;
    }
    std::vector<Note>& notes = report->inventory.notes;
    notes.insert(notes.end(), at->second.gaps.begin(), at->second.gaps.end());
  }
  Db db = TRY(supplied_database(options, all));
  TRY(check_age(options, all));
  const DbInfo info = TRY(db.info());
  std::set<std::string> remarks;  // most platforms of an index have the same
  for (Report* report : reports) {
    const Concerns concerns = concerns_of(report->inventory, info);
    report->inventory.notes.insert(report->inventory.notes.end(), concerns.gaps.begin(), concerns.gaps.end());
    remarks.insert(concerns.remarks.begin(), concerns.remarks.end());
  }
  for (const std::string& one : remarks) tell(options, one_line(one));
  return db;
}

Result<Report> judged(Report report, const Request& request, const Db& db, const std::string& time) {
  report = TRY(assess(std::move(report), request, db));
  report.version = PEEKR_VERSION;
  report.created = time;
  return report;
}

bool wants_plan(const Options& options) {
  const auto shows = [](const std::string& format) {
    const Reporter* row = find_reporter(format);  // null where nothing goes to `output`
    return row != nullptr && row->shows_plan;
  };
  return shows(options.format) || std::ranges::any_of(options.files_too, shows, &Options::File::format);
}

// All images of an index: read, then judged by one state of the database.
Result<int> scan_platforms(const Options& options) {
  TRY(refuse_saved_file(options.request.image.text));
  TRY(check_database(options));
  const std::unique_ptr<Session> session = TRY(Session::open(options));
  Request request = session->request();
  TRY(load_policy(options, request.policy));
  TRY(check_gates(request));
  const std::string time = now();
  IndexReport index = TRY(take_inventories(request));
  const Db db = TRY(database_for(options, reports_in(index)));
  session->finish();
  for (Report* report : reports_in(index)) {
    *report = TRY(judged(std::move(*report), request, db, time));
    if (wants_plan(options)) report->plan = TRY(plan_for(*report, db, request.read.cache));
  }
  index.created = time;
  return finish(options, std::move(index), request.policy, Extent::findings);
}

}  // namespace

Result<Scanned> scanned(const Options& options) {
  TRY(refuse_saved_file(options.request.image.text));
  TRY(check_database(options));
  std::unique_ptr<Session> session = TRY(Session::open(options));
  Request request = session->request();
  const std::string time = now();
  TRY(load_policy(options, request.policy));
  TRY(check_gates(request));
  Report report = TRY(take_inventory(request));
  Db db = TRY(database_for(options, {&report}));
  session->finish();
  report = TRY(judged(std::move(report), request, db, time));
  return Scanned{std::move(report), std::move(db), std::move(session)};
}

Result<int> scan_command(const Options& options) {
  if (options.request.image.all_platforms) return scan_platforms(options);
  Scanned all = TRY(scanned(options));
  Report& report = all.report;
  if (wants_plan(options)) report.plan = TRY(plan_for(report, all.db, all.session->request().read.cache));
  TRY(report.explained.empty() ? write_reports(options, report, Extent::findings)
                               : write_explanation(options, report));
  tell_verdict(options, report);
  tell_timing(options);
  return report.verdict.exit_code;
}

}  // namespace peekr
