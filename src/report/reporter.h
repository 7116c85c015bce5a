// SPDX-License-Identifier: Apache-2.0
// Reporter: one output format. One file a format, one line in reporters.def.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/report.h"

namespace peekr {

struct Style {
  bool colour = false;   // ANSI colours
  unsigned width = 100;  // columns of the terminal
  bool files = false;    // an inventory lists the files that each package owns
};

struct Reporter {
  std::string_view name, about;
  void (*scan)(const Report& report, const Style& style, std::string& out);
  void (*inventory)(const Report& report, const Style& style, std::string& out);
};

[[nodiscard]] std::span<const Reporter* const> all_reporters();      // by name
[[nodiscard]] const Reporter* find_reporter(std::string_view name);  // null: there is none

}  // namespace peekr
