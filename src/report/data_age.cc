// SPDX-License-Identifier: Apache-2.0
#include "report/data_age.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "report/columns.h"

namespace peekr {
namespace {

constexpr std::int64_t kOldDays = 14;

// By its publisher.
bool is_fetched(const DbSource& one) { return one.feed != "private" && !one.fetched.empty(); }

// What `db add` takes in is no matter of publishers; scores and what is exploited say no more than how grave it is.
bool is_of_advisories(const DbSource& one) {
  return one.feed != "private" && one.feed != "epss" && one.feed != "kev";
}

}  // namespace

std::string old_data_text(const Report& report) {
  std::vector<DbSource> sources = report.db.sources;
  if (std::ranges::any_of(sources, is_of_advisories)) {
    std::erase_if(sources, [](const DbSource& one) { return !is_of_advisories(one); });
  }
  const bool built = std::ranges::none_of(sources, is_fetched);
  // However old its newest record is: a publisher that was asked had none newer.
  std::string last;
  for (const DbSource& one : sources) last = std::max(last, is_fetched(one) ? one.fetched : one.newest);
  const std::optional<std::int64_t> days = days_between(last, report.created);
  if (!days || *days <= kOldDays) return {};
  const std::string age = grouped_digits(static_cast<std::uint64_t>(*days));
  const std::string text = (built ? "the newest advisory is " + age + " days old: this database"
                                  : "the database was updated " + age + " days ago: it") +
                           " knows nothing of what was published since then";
  if (!report.db.as_of.empty()) return text;
  return text + (built ? " (peekr db build makes a new one)" : " (peekr db update fetches that)");
}

}  // namespace peekr
