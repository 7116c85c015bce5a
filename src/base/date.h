// SPDX-License-Identifier: Apache-2.0
// Days of the Gregorian calendar, and times of them, as "2026-11-23" or at the front of an RFC 3339 time.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peekr {

// From one day to another, negative where the second is earlier. Nothing where one of them is no day.
[[nodiscard]] std::optional<std::int64_t> days_between(std::string_view from, std::string_view to);
// An RFC 3339 time in UTC as it is; of a day its last second, "2026-11-23T23:59:59Z". Empty for anything else.
[[nodiscard]] std::string end_of(std::string_view day_or_time);

// The same in seconds, of RFC 3339 times in UTC ("2026-11-23T08:30:00Z", of which fractions are left out).
[[nodiscard]] std::optional<std::int64_t> seconds_between(std::string_view from, std::string_view to);
// A point in time, in order; `seconds` and `nanoseconds` since 1970.
struct Instant {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  auto operator<=>(const Instant&) const = default;
};
// Of an RFC 3339 time, with whatever fraction and offset; of a day, or where what follows it is no time, its first moment. Nothing
// where it is no day.
[[nodiscard]] std::optional<Instant> instant_of(std::string_view time);
// That many days later, as "2026-11-23"; empty for what is no day.
[[nodiscard]] std::string day_after(std::string_view day, std::int64_t days);

}  // namespace peekr
