// SPDX-License-Identifier: Apache-2.0
// Where a command's answer goes, and the clock, which nothing behind the command line reads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace peekr {

// To --output or to standard output, all of it or an error. A file appears whole or not at all.
Status write_output(const Options& options, std::string text);
// Several at once. What goes to a file is written aside as it is added. All files get their names before standard output is written;
// where anything fails, and the exit code is 1, they go again: no other says another one. What can only be overwritten where it
// stands is so at the very end.
class Outputs {
 public:
  Outputs();
  ~Outputs();
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;
  Status add(std::string path, std::string text);  // path empty: standard output
  Status publish();
  struct One;

 private:
  Status name_all();

  std::vector<std::unique_ptr<One>> all_;
};
// For a handler of signals that ends the process.
void remove_unfinished_outputs();
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
