// SPDX-License-Identifier: Apache-2.0
// Which versions of a package a VEX statement means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/purl.h"
#include "policy/vers.h"

namespace peekr {

// Versions of a package: those that are listed, and those in a range.
struct VexVersions {
  std::vector<std::string> listed = {};
  std::vector<VersRange> ranges = {};
  bool all_may_be = false;  // a range more, which could not be read

  [[nodiscard]] bool empty() const { return listed.empty() && ranges.empty(); }
};

// Whether that of the package is, which the statement calls `named`. Nothing: it could be, but the version has no place in the order of
// a range, or a range was not read.
[[nodiscard]] std::optional<bool> is_among(const VexVersions& versions, const NamedPackage& named,
                                           const Package& package);

}  // namespace peekr
