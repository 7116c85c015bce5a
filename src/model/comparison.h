// SPDX-License-Identifier: Apache-2.0
// Comparison: what two reports have not in common, and why (scan/compare.h). Of one image at two times, or of two images.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace peekr {

struct Comparison {
  enum class How : std::uint8_t { came, went, changed };
  enum class Cause : std::uint8_t {
    image,       // the package came, went or has another version
    advisories,  // the same package is judged otherwise
    rules,       // a rule of the user's takes it out of one of them
  };
  // What one report says of a vulnerability of a package.
  struct State {
    const Finding* finding = nullptr;  // null: nothing; of several copies of the package the gravest one
    const Suppressed* suppressed = nullptr;  // null: it is reported
    std::vector<std::string> versions;       // of the package, full and sorted; empty: it is not there
  };
  // A vulnerability of a package, in whatever versions and places.
  struct Change {
    How how{};
    Cause cause{};
    std::string why;  // "openssl 3.0.9-1 is now 3.0.11-1"
    std::string type, package, id;
    State before, after;  // at least one of them is reported
  };
  Drift drift;                  // of the packages
  std::vector<Change> changes;  // what came first, then what changed; the most severe first
  std::size_t stayed = 0;
  bool judged = true;  // no: one of them is an inventory, which says nothing of vulnerabilities
};

[[nodiscard]] constexpr std::string_view name(Comparison::How how) {
  constexpr std::string_view kNames[] = {"came", "went", "changed"};
  return kNames[static_cast<std::size_t>(how)];
}
[[nodiscard]] constexpr std::string_view name(Comparison::Cause cause) {
  constexpr std::string_view kNames[] = {"image", "advisories", "rules"};
  return kNames[static_cast<std::size_t>(cause)];
}

}  // namespace peekr
