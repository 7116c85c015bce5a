// SPDX-License-Identifier: Apache-2.0
#include "base/date.h"

#include <fmt/format.h>

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

// Of "T08:30:00" at 10. RFC 3339 has a small t, too.
std::optional<std::int64_t> second_of_day(std::string_view text) {
  if (text.size() < 19 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto hours = to_number(text.substr(11, 2)), minutes = to_number(text.substr(14, 2)),
             seconds = to_number(text.substr(17, 2));
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  return static_cast<std::int64_t>((*hours * 60 + *minutes) * 60 + *seconds);
}

// Of ".25" and what follows; takes the fraction off the front.
std::int64_t fraction(std::string_view& text) {
  std::int64_t nanoseconds = 0, unit = 100'000'000;
  if (!text.starts_with('.')) return 0;
  for (text.remove_prefix(1); !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    nanoseconds += unit * (text.front() - '0');
    unit /= 10;
  }
  return nanoseconds;
}

// "+02:00" in seconds; 0 for "Z", and for what is no offset.
std::int64_t offset(std::string_view text) {
  if (text.size() < 6 || (text[0] != '+' && text[0] != '-')) return 0;
  const auto hours = to_number(text.substr(1, 2)), minutes = to_number(text.substr(4, 2));
  if (!hours || !minutes) return 0;
  const auto seconds = static_cast<std::int64_t>((*hours * 60 + *minutes) * 60);
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<Instant> instant_of(std::string_view time) {
  const auto day = day_of(time);
  if (!day) return std::nullopt;
  const std::int64_t midnight = std::int64_t{day->time_since_epoch().count()} * 86'400;
  const auto second = second_of_day(time);
  if (!second) return Instant{midnight};
  std::string_view rest = time.substr(19);
  const std::int64_t nanoseconds = fraction(rest);
  return Instant{midnight + *second - offset(rest), nanoseconds};
}

std::optional<std::int64_t> days_between(std::string_view from, std::string_view to) {
  const auto first = day_of(from), last = day_of(to);
  if (!first || !last) return std::nullopt;
  return (*last - *first).count();
}

std::string day_after(std::string_view day, std::int64_t days) {
  const auto first = day_of(day);
  if (!first) return {};
  const std::chrono::year_month_day date(*first + std::chrono::days(days));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<std::int64_t> seconds_between(std::string_view from, std::string_view to) {
  const auto days = days_between(from, to), first = second_of_day(from), last = second_of_day(to);
  if (!days || !first || !last) return std::nullopt;
  return *days * 86'400 + *last - *first;
}

std::string end_of(std::string_view day_or_time) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  if (!day_of(day_or_time)) return {};
  if (day_or_time.size() == 10) return std::string(day_or_time) + "T23:59:59Z";
  if (day_or_time.size() != kForm.size()) return {};
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == '0' ? !is_digit(day_or_time[i]) : day_or_time[i] != kForm[i]) return {};
  }
  return std::string(day_or_time);
}

}  // namespace peekr
