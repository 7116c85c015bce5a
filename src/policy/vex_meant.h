// SPDX-License-Identifier: Apache-2.0
// Whether a VEX statement is about a finding: about its vulnerability, and about its package in this image.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "policy/vex.h"

namespace peekr {

// Which of its conditions a product fails on, the last one first; none: it is meant.
enum class Miss : std::uint8_t { image, whole, package, build, version, none };

[[nodiscard]] Miss missed(const VexStatement& statement, const VexProduct& product, const Package& package,
                          const Report& report);

// Calls use(index) for the statements on one of the finding's names, some twice.
template <typename Use>
void each_on(const Finding& finding, const Vex& document, const Use& use) {
  const auto on = [&](const std::string& id) {
    const auto found = document.by_name.find(lower(id));
    if (found == document.by_name.end()) return;
    for (const std::size_t index : found->second) use(index);
  };
  on(finding.id);
  std::ranges::for_each(finding.names, on);
}

}  // namespace peekr
