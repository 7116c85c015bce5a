// SPDX-License-Identifier: Apache-2.0
// What one report has that another has not. A vulnerability is the same by any of its names, and so is what has it: the source package,
// in whatever version; by the versions on both sides it is told whether the image has changed or what is known of it.
#pragma once

#include "model/comparison.h"
#include "model/report.h"

namespace peekr {

// What comes out points into both.
[[nodiscard]] Comparison compare(const Report& before, const Report& after);
Comparison compare(Report&&, const Report&) = delete;
Comparison compare(const Report&, Report&&) = delete;

}  // namespace peekr
