// SPDX-License-Identifier: Apache-2.0
// Where a command's answer goes, how it may look there, and the clock, which nothing behind the command line
// reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "report/reporter.h"

namespace peekr {

// Colour only on a terminal, and not with --no-color, NO_COLOR (no-color.org) or TERM=dumb. Width: the
// terminal's, else COLUMNS; 100 where it is no terminal.
[[nodiscard]] Style style_of(const Options& options);
// Of --help: the terminal's, else COLUMNS, else 80; 100 at most.
[[nodiscard]] unsigned help_width();
// To --output or to standard output, all of it or an error. A file appears whole or not at all.
Status write_output(const Options& options, std::string text);
struct Output {
  std::string path;  // empty: standard output
  std::string text;
};
// All of them: no file appears before all else is written. So where one fails, and the exit code is 1, no other says another one.
Status write_outputs(const std::vector<Output>& all);
// For people, on standard error; --quiet leaves it out.
void tell(const Options& options, std::string_view line);
// As it is, whatever the options say.
void write_errors(std::string_view text);
// What --timing prints, on standard error.
void tell_timing(const Options& options);
// RFC 3339, UTC; SOURCE_DATE_EPOCH (reproducible-builds.org) takes the place of the clock.
[[nodiscard]] std::string now();
// What a variable of the environment says, where it is a number below a million: for tests, and for lines that are worse than
// most (docs/cli.md).
[[nodiscard]] std::optional<unsigned> number_from_environment(const char* name);
void set_from_environment(const char* name, unsigned& value);

}  // namespace peekr
