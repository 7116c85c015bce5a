// SPDX-License-Identifier: Apache-2.0
// What the values of options mean: text in, values out. Errors name the option (Errc::usage).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/catalog.h"
#include "model/limits.h"

namespace peekr {

// "64M" -> 64 << 20: K, M, G or T behind a number are 2^10 ... 2^40. Nothing when it is none.
[[nodiscard]] std::optional<std::uint64_t> size_of(std::string_view text);
// "90", "90s", "5m", "2h"; "500ms" for tests. Nothing when it is none.
[[nodiscard]] std::optional<std::chrono::milliseconds> time_of(std::string_view text);
// Of --max-db-age: "36h" -> 129600.
[[nodiscard]] Result<std::int64_t> seconds_in(const std::string& text);
// Of --pkg-types.
[[nodiscard]] Result<PackageTypes> package_types_named(std::string_view text);
// Of --limit: NAME=VALUE goes into limits.
Status set_limit(std::string_view text, Limits& limits);
// The names that set_limit() knows, with commas between.
[[nodiscard]] std::string limit_names();

}  // namespace peekr
