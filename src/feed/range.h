// SPDX-License-Identifier: Apache-2.0
// The one thing that nearly all publishers but OSV's say: fixed in that version.
#pragma once

#include <string>
#include <string_view>

#include "model/advisory.h"

namespace peekr {

// From the beginning up to, not including, `fix`; empty: without end.
[[nodiscard]] inline Range below(std::string_view fix) {
  Range range{.type = "ECOSYSTEM", .events = {{Event::Kind::introduced, "0"}}};
  if (!fix.empty()) range.events.push_back({Event::Kind::fixed, std::string(fix)});
  return range;
}

}  // namespace peekr
