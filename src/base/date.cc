// SPDX-License-Identifier: Apache-2.0
#include "base/date.h"

#include <chrono>

#include "base/text.h"

namespace peekr {
namespace {

std::optional<std::chrono::sys_days> day_of(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = to_number(text.substr(0, 4)), month = to_number(text.substr(5, 2)),
             day = to_number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> days_between(std::string_view from, std::string_view to) {
  const auto first = day_of(from), last = day_of(to);
  if (!first || !last) return std::nullopt;
  return (*last - *first).count();
}

}  // namespace peekr
