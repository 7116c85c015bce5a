// SPDX-License-Identifier: Apache-2.0
#include "service/supply.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/date.h"
#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "model/ratings.h"
#include "service/plan.h"

namespace peekr {
namespace {

constexpr std::int64_t kHour = 3600, kDay = 24 * kHour;
constexpr std::int64_t kAskAgain = kDay;
constexpr auto kLookAgain = std::chrono::milliseconds(300);
constexpr auto kLongestWait = std::chrono::minutes(10);  // for another process that fetches the same

// What judges one image.
struct Needs {
  std::vector<std::string> ecosystems;  // as wanted_ecosystems() has them
  std::vector<FetchTarget> targets;     // of these
};

Result<std::optional<DbInfo>> info_of(const std::string& directory, const std::string& as_of = "") {
  const Result<Db> db = Db::open(directory);
  if (db && as_of.empty()) return TRY(db->info());
  if (db) {
    const Db then = TRY(db->as_of(as_of));
    return TRY(then.info());
  }
  if (db.error().code == Errc::not_found) return std::nullopt;
  return fail(db.error());
}

// Made by `db build`, and never updated since.
bool is_built(const DbInfo& info) {
  bool any = false;
  for (const DbSource& one : info.sources) {
    if (one.feed == "private") continue;
    if (!one.fetched.empty()) return false;
    any = true;
  }
  return any;
}

const DbSource* source_of(const std::optional<DbInfo>& info, const std::string& name) {
  if (!info) return nullptr;
  const auto found = std::ranges::find(info->sources, name, &DbSource::name);
  return found == info->sources.end() ? nullptr : &*found;
}

bool is_missing(const std::optional<DbInfo>& info, const std::string& name) {
  const DbSource* source = source_of(info, name);
  return source == nullptr || source->fetched.empty();
}

// What was held back is not asked for at each scan.
bool is_due(const std::optional<DbInfo>& info, const std::string& name, const std::string& now) {
  if (is_missing(info, name)) return true;
  const DbSource& source = *source_of(info, name);
  if (is_ahead(source.fetched, now)) return true;
  const auto tried = source.state.find("tried");
  const bool held = tried != source.state.end() && !is_ahead(tried->second, now);
  const std::string& last = held ? std::max(source.fetched, tried->second) : source.fetched;
  return seconds_between(last, now).value_or(kAskAgain) >= kAskAgain;
}

// Of NVD what is in the database and one list of what was modified brings up to date: all of it is too much for a scan.
std::vector<std::string> nvd_to_refresh(const std::optional<DbInfo>& info, const std::string& now) {
  if (!info || is_built(*info)) return {};
  std::vector<std::string> out;
  for (const DbSource& one : info->sources) {
    if (is_nvd(one) && !one.fetched.empty() && is_in_modified(one.fetched, now)) out.push_back(one.name);
  }
  return out;
}

// A new year begins with little. Empty: none begins, or it is there.
std::string nvd_that_begins(const std::optional<DbInfo>& info, const std::vector<std::string>& there,
                            const std::string& now) {
  const std::string year = now.substr(0, 4), last = std::to_string(to_number(year).value_or(1) - 1);
  const bool has_last = std::ranges::find(there, "nvd/" + last) != there.end();
  const bool begins = has_last && is_missing(info, "nvd/" + year);
  return begins ? "nvd/" + year : std::string();
}

// What judges the image: what is fetched for it, and NVD, once somebody has fetched that.
std::vector<std::string> judging_sources(const std::optional<DbInfo>& info, const Needs& needs) {
  std::vector<std::string> out;
  for (const FetchTarget& one : needs.targets) out.push_back(one.source);
  if (!info || std::ranges::find(needs.ecosystems, "CPE") == needs.ecosystems.end()) return out;
  for (const DbSource& one : info->sources) {
    if (is_nvd(one)) out.push_back(one.name);
  }
  return out;
}

std::optional<Age> oldest(const std::optional<DbInfo>& info, const Needs& needs, const std::string& now) {
  if (!info) return std::nullopt;
  std::optional<Age> out;
  if (is_built(*info)) {
    std::string newest;
    for (const DbSource& one : info->sources) newest = std::max(newest, one.newest);
    if (newest.empty()) newest = info->built;
    if (const auto seconds = seconds_between(newest, now)) out = Age{"", newest, *seconds};
    return out;
  }
  for (const std::string& source : judging_sources(info, needs)) {
    if (is_missing(info, source)) continue;
    const DbSource& of = *source_of(info, source);
    if (is_ahead(of.fetched, now)) continue;
    const auto seconds = seconds_between(of.fetched, now);
    if (seconds && (!out || *seconds > out->seconds))
      out = Age{source, of.fetched, *seconds, is_nvd(of) ? "nvd" : ""};
  }
  return out;
}

// EPSS, scores and the like say more about a finding; without them none is missing.
bool judges(const std::vector<FetchTarget>& targets, const std::string& source) {
  const auto found = std::ranges::find(targets, source, &FetchTarget::source);
  return found != targets.end() && found->judges;
}

Note gap(const std::string& source, const std::string& why) {
  return {Path(), Why::no_data, "advisories of " + source + " " + why};
}

// Data that claims to be of a time to come may be of any age.
void add_undated(const std::optional<DbInfo>& info, const Needs& needs, const std::string& now, Supply& out) {
  for (const std::string& name : judging_sources(info, needs)) {
    const DbSource* source = source_of(info, name);
    if (source == nullptr || !is_ahead(source->fetched, now)) continue;
    if (!judges(needs.targets, name) && !is_nvd(*source)) continue;
    out.gaps.push_back(
        gap(name, "are of no known age: " + source->fetched + ", when they were fetched, is to come"));
  }
}

// Without a look at any publisher. What `db build` has made is what its user wants it to be.
Supply at_hand(const std::optional<DbInfo>& info, const Needs& needs, const SupplyRequest& request) {
  const bool past = !request.as_of.empty();
  Supply out{.oldest = oldest(info, needs, past ? request.as_of : request.update.now)};
  if (!info || is_built(*info)) return out;
  const char* why = past ? "are not in the database of then" : "are not at hand, and --offline fetches none";
  for (const FetchTarget& one : needs.targets) {
    // That there is no NVD is a gap of its own (concern.cc), with what fetches its corrections, too.
    if (one.source == "nvd/overrides" && !has_nvd(*info)) continue;
    if (is_missing(info, one.source) && judges(needs.targets, one.source))
      out.gaps.push_back(gap(one.source, why));
  }
  if (!past) add_undated(info, needs, request.update.now, out);
  return out;
}

// What an image asks for needs no list of a publisher.
Result<std::string> no_list(const std::string& url) {
  return fail(Errc::internal, "fetch " + url + ": not for one image");
}

class Supplier {
 public:
  Supplier(const SupplyRequest& request, Needs needs) : request_(request), needs_(std::move(needs)) {}

  Result<Supply> run() {
    UpdateRequest update = request_.update;
    update.wish.ecosystems = needs_.ecosystems;
    TRY(bring(needs_.targets, std::move(update)));
    TRY(refresh_nvd());
    const std::optional<DbInfo> info = TRY(info_of(request_.update.directory));
    out_.oldest = oldest(info, needs_, request_.update.now);
    if (info && !is_built(*info)) add_undated(info, needs_, request_.update.now, out_);
    return std::move(out_);
  }

 private:
  using Targets = std::vector<FetchTarget>;

  // Those that are due. Whether nothing failed.
  Result<bool> bring(const Targets& targets, UpdateRequest update) {
    const auto until = std::chrono::steady_clock::now() + kLongestWait;
    bool told = false;
    for (;;) {
      const std::optional<DbInfo> info = TRY(info_of(update.directory));
      if (info && is_built(*info)) return true;
      update.wish.sources = due(targets, info);
      if (update.wish.sources.empty()) return true;
      const Result<std::vector<Outcome>> outcomes = update_db(update);
      if (outcomes) return take(*outcomes, targets);
      const bool another = outcomes.error().code == Errc::busy;
      if (another && (info && !any_missing(targets, info))) return true;  // what is there will do
      if (!another || std::chrono::steady_clock::now() > until) {
        take(outcomes.error(), targets, info);
        return false;
      }
      if (!std::exchange(told, true)) warn("waiting: " + outcomes.error().message);
      std::this_thread::sleep_for(kLookAgain);
    }
  }
  // Where the database has NVD, and lists of what was modified bring it up to date. The newest year that is there comes first: where that
  // fails, no other one is asked for. The year that begins comes last: there may be none yet.
  Status refresh_nvd() {
    const std::optional<DbInfo> info = TRY(info_of(request_.update.directory));
    UpdateRequest update = request_.update;
    update.wish.feeds = nvd_to_refresh(info, update.now);
    if (update.wish.feeds.empty()) return {};
    update.again = UpdateRequest::Again::changes;
    begins_ = nvd_that_begins(info, update.wish.feeds, update.now);
    const Targets years = TRY(nvd_targets(update.wish));
    const bool is_time = !due(years, info).empty();  // the year that begins is asked for as often as they are
    const FetchTarget newest = *std::ranges::max_element(years, {}, &FetchTarget::source);
    if (!TRY(bring({newest}, update)) || !TRY(bring(years, update)) || begins_.empty() || !is_time) return {};
    update.wish.feeds = {begins_};
    const Targets next = TRY(nvd_targets(update.wish));
    TRY(bring(next, update));
    return {};
  }
  [[nodiscard]] Result<Targets> nvd_targets(const Wish& wish) const {
    Targets years = TRY(targets_of(wish, no_list)).list;
    const bool judging = std::ranges::find(needs_.ecosystems, "CPE") != needs_.ecosystems.end();
    for (FetchTarget& one : years) one.judges = judging;
    return years;
  }
  [[nodiscard]] std::vector<std::string> due(const Targets& targets,
                                             const std::optional<DbInfo>& info) const {
    std::vector<std::string> names;
    for (const FetchTarget& one : targets) {
      if (is_due(info, one.source, request_.update.now)) names.push_back(one.source);
    }
    return names;
  }
  [[nodiscard]] static bool any_missing(const Targets& targets, const std::optional<DbInfo>& info) {
    return std::ranges::any_of(targets, [&](const FetchTarget& one) { return is_missing(info, one.source); });
  }
  bool take(const std::vector<Outcome>& outcomes, const Targets& targets) {
    bool all = true;
    for (const Outcome& one : outcomes) {
      if (one.how != Outcome::How::failed && one.how != Outcome::How::absent) continue;
      if (one.how == Outcome::How::absent && one.source == begins_) continue;
      all = false;
      failed(one.source, one.why, one.fetched.empty() && judges(targets, one.source));
    }
    return all;
  }
  // Nothing could be fetched: the database cannot be written to.
  void take(const Error& error, const Targets& targets, const std::optional<DbInfo>& info) {
    warn("nothing is fetched: " + error.message);
    for (const FetchTarget& one : targets)
      failed(one.source, error.message, is_missing(info, one.source) && one.judges);
  }
  void failed(const std::string& source, const std::string& why, bool is_gap) {
    if (out_.failure.empty()) out_.failure = source + ": " + why;
    if (is_gap) out_.gaps.push_back(gap(source, "could not be fetched: " + why));
  }
  void warn(const std::string& line) const {
    if (request_.warn) request_.warn(line);
  }

  const SupplyRequest& request_;
  Needs needs_;
  std::string begins_;  // NVD's year that may not be there yet
  Supply out_;
};

}  // namespace

Result<Supply> supply(const SupplyRequest& request, const Inventory& inventory) {
  const Timer timer("service/supply");
  Needs needs{.ecosystems = wanted_ecosystems(inventory), .targets = {}};
  const Wish wish{.ecosystems = needs.ecosystems, .today = request.update.now};
  needs.targets = TRY(targets_of(wish, no_list)).list;
  if (request.offline || !request.as_of.empty())
    return at_hand(TRY(info_of(request.update.directory, request.as_of)), needs, request);
  return Supplier(request, std::move(needs)).run();
}

std::string age_text(std::int64_t seconds) {
  const auto text = [](std::int64_t count, const char* unit) {
    return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
  };
  if (seconds >= 2 * kDay) return text(seconds / kDay, "day");
  if (seconds >= 2 * kHour) return text(seconds / kHour, "hour");
  return text(std::max<std::int64_t>(seconds, 0) / 60, "minute");
}

}  // namespace peekr
