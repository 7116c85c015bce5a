// SPDX-License-Identifier: Apache-2.0
#include "cli/values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

// --limit NAME=VALUE
struct Limit {
  std::string_view name;
  std::uint64_t Limits::* field;
};
constexpr std::array kLimits = {
    Limit{"layer_bytes", &Limits::layer_bytes},     Limit{"ratio", &Limits::ratio},
    Limit{"ratio_from", &Limits::ratio_from},       Limit{"entries", &Limits::entries},
    Limit{"file_bytes", &Limits::file_bytes},       Limit{"path_bytes", &Limits::path_bytes},
    Limit{"header_bytes", &Limits::header_bytes},   Limit{"manifest_bytes", &Limits::manifest_bytes},
    Limit{"archive_bytes", &Limits::archive_bytes}, Limit{"image_bytes", &Limits::image_bytes},
    Limit{"packages", &Limits::packages},           Limit{"layers", &Limits::layers},
};
constexpr std::string_view kWindowLog = "window_log";  // the one that is no count: 2^n bytes, 10 to 31 (zstd)

}  // namespace

std::optional<std::uint64_t> size_of(std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  unsigned shift = 0;
  if (!text.empty()) {
    const std::size_t unit = kUnits.find(text.back());
    if (unit != std::string_view::npos) {
      shift = 10 * (static_cast<unsigned>(unit) + 1);
      text.remove_suffix(1);
    }
  }
  const std::optional<std::uint64_t> number = to_number(text);
  if (!number || *number > (~std::uint64_t{0} >> shift)) return std::nullopt;
  return *number << shift;
}

std::optional<std::chrono::milliseconds> time_of(std::string_view text) {
  constexpr std::pair<std::string_view, unsigned> kUnits[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  unsigned unit = 1000;
  for (const auto& [name, length] : kUnits) {
    if (!text.ends_with(name)) continue;
    unit = length;
    text.remove_suffix(name.size());
    break;
  }
  const std::optional<std::uint64_t> number = to_number(text);
  if (!number || *number == 0 || *number > 100'000'000) return std::nullopt;
  return std::chrono::milliseconds(*number * unit);
}

Result<PackageTypes> package_types_named(std::string_view text) {
  if (text == "os") return PackageTypes::system;
  if (text == "os,library" || text == "library,os") return PackageTypes::all;
  return fail(Errc::usage,
              "--pkg-types " + printable(text) +
                  ": want os or os,library (who judges a library depends on whose package it is)");
}

std::string limit_names() {
  std::string names;
  for (const Limit& limit : kLimits) names.append(limit.name).append(", ");
  return names.append(kWindowLog);
}

Status set_limit(std::string_view text, Limits& limits) {
  const auto [name, value] = cut(text, '=');
  const std::optional<std::uint64_t> number = size_of(value);
  const auto limit = std::ranges::find(kLimits, name, &Limit::name);
  if (limit == kLimits.end() && name != kWindowLog) {
    return fail(Errc::usage, "--limit " + printable(text) + ": there is no such limit: " + limit_names());
  }
  if (!number)
    return fail(Errc::usage,
                "--limit " + printable(text) + ": want NAME=NUMBER, with K, M, G or T for 2^10 ... 2^40");
  if (*number == 0) return fail(Errc::usage, "--limit " + printable(text) + ": want more than 0");
  if (limit != kLimits.end()) {
    limits.*(limit->field) = *number;
    return {};
  }
  if (*number < 10 || *number > 31) return fail(Errc::usage, "--limit window_log: want 10 to 31");
  limits.window_log = static_cast<unsigned>(*number);
  return {};
}

Result<std::int64_t> seconds_in(const std::string& text) {
  constexpr std::array<std::pair<char, std::int64_t>, 3> kUnits = {{{'m', 60}, {'h', 3600}, {'d', 86'400}}};
  const auto number =
      text.empty() ? std::nullopt : to_number(std::string_view(text).substr(0, text.size() - 1));
  for (const auto& [unit, seconds] : kUnits) {
    if (number && text.back() == unit && *number < 1'000'000)
      return static_cast<std::int64_t>(*number) * seconds;
  }
  return fail(Errc::usage,
              "--max-db-age " + printable(text) + ": want a number with m, h or d behind it: 36h, 5d");
}

}  // namespace peekr
