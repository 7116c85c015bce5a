// SPDX-License-Identifier: Apache-2.0
// Days of the Gregorian calendar, as "2026-11-23" or at the front of an RFC 3339 time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace peekr {

// From one day to another, negative where the second is earlier. Nothing where one of them is no day.
[[nodiscard]] std::optional<std::int64_t> days_between(std::string_view from, std::string_view to);

}  // namespace peekr
