// SPDX-License-Identifier: Apache-2.0
// The tables of the database and the form of their keys: shared by who reads and who writes. A table that is added
// is one more name here (and another kFormat).
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lib/lmdb.h"

namespace peekr::tables {

inline constexpr LmdbTable kMeta = 0, kSources = 1, kRecords = 2, kIds = 3, kPackages = 4, kNames = 5,
                           kByName = 6, kEcosystems = 7, kRisks = 8, kHistory = 9, kRiskHistory = 10;
inline constexpr std::array<std::string_view, 11> kAll = {
    "meta",       "sources", "records", "ids",         "packages", "names", "packages_by_name",
    "ecosystems", "risks",   "history", "risk_history"};
inline constexpr std::string_view kFormatKey = "format", kBuiltKey = "built", kHistoryKey = "history",
                                  kKeepKey = "keep", kAdvisoriesKey = "advisories",
                                  kWithdrawnKey = "withdrawn";

// Whether a part stands in a key as it is.
[[nodiscard]] bool fits(std::string_view part);
// Parts joined by NUL. A part that is too long for a key or has a NUL itself is replaced by a hash of it.
[[nodiscard]] std::string key(std::initializer_list<std::string_view> parts);
void write_key(std::initializer_list<std::string_view> parts, std::string& key);  // in place of what it was
// The same with a NUL at the end: what all keys below those parts start with.
[[nodiscard]] std::string prefix(std::initializer_list<std::string_view> parts);
// A part of a key, from 0 on, as it stands there; empty where there are fewer.
[[nodiscard]] std::string_view part_of(std::string_view key, std::size_t number);

}  // namespace peekr::tables
