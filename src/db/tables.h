// SPDX-License-Identifier: Apache-2.0
// The tables of the database and the form of their keys: shared by db.cc, which reads, and builder.cc, which
// writes.
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lib/lmdb.h"

namespace peekr::tables {

inline constexpr LmdbTable kMeta = 0, kAdvisories = 1, kPackages = 2, kNames = 3, kByName = 4,
                           kEcosystems = 5, kRisks = 6;
inline constexpr std::array<std::string_view, 7> kAll = {
    "meta", "advisories", "packages", "names", "packages_by_name", "ecosystems", "risks"};
inline constexpr std::string_view kFormatKey = "format", kBuiltKey = "built", kWithdrawnKey = "withdrawn";
inline constexpr std::string_view kSourcePrefix = "source";

// Parts joined by NUL. A part that is too long for a key or has a NUL itself is replaced by a hash of it.
[[nodiscard]] std::string key(std::initializer_list<std::string_view> parts);
// The same with a NUL at the end: what all keys below those parts start with.
[[nodiscard]] std::string prefix(std::initializer_list<std::string_view> parts);

}  // namespace peekr::tables
