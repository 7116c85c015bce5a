// SPDX-License-Identifier: Apache-2.0
// The order of findings, in which match() gives them and all who take some out or read them back keep them: by package (type, name,
// version, architecture, path, place in the inventory), then severity (highest first), then id.
#pragma once

#include <cstddef>
#include <vector>

#include "model/finding.h"
#include "model/package.h"

namespace peekr {

// Of indices into the packages.
[[nodiscard]] bool package_before(const std::vector<Package>& packages, std::size_t a, std::size_t b);
[[nodiscard]] bool finding_before(const std::vector<Package>& packages, const Finding& a, const Finding& b);

}  // namespace peekr
