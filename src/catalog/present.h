// SPDX-License-Identifier: Apache-2.0
// Which packages of systems the final tree has.
#pragma once

#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "catalog/parts.h"

namespace peekr {

// Type and root file system, name, and architecture or what else tells apart.
using PackageKey = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;
using PackageKeys = std::set<PackageKey>;

[[nodiscard]] PackageKeys keys_of(const std::vector<Part>& parts);
// Of whatever architecture.
[[nodiscard]] bool has_package(const PackageKeys& keys, std::string_view type, std::string_view root,
                               std::string_view name);

}  // namespace peekr
