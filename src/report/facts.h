// SPDX-License-Identifier: Apache-2.0
// What is known of one finding beside its row, in words: for the page, the table with --verbose, and explain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace peekr {

struct Fact {
  std::string_view label;  // "fix published"
  std::string text;        // as publishers wrote it: the format escapes it; never empty
};

[[nodiscard]] std::vector<Fact> facts_of(const Finding& finding, const Report& report);

}  // namespace peekr
