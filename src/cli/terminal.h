// SPDX-License-Identifier: Apache-2.0
// How a command's answer may look where it goes.
#pragma once

#include "cli/options.h"
#include "report/reporter.h"

namespace peekr {

// Colour only on a terminal, and not with --no-color, NO_COLOR (no-color.org) or TERM=dumb. Width: the
// terminal's, else COLUMNS; 100 where it is no terminal.
[[nodiscard]] Style style_of(const Options& options);
// Of --help: the terminal's, else COLUMNS, else 80; 100 at most.
[[nodiscard]] unsigned help_width();

}  // namespace peekr
