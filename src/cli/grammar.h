// SPDX-License-Identifier: Apache-2.0
// Grammar: the command line as a tree of plain values, for what is written about it: completions and the manual.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace peekr {

struct Grammar {
  struct Option {
    std::vector<std::string> names;   // "-f", "--format"; an argument: what stands for it, "TARGET"
    std::string value;                // what stands for its value: "FILE"; empty: it has none
    std::vector<std::string> values;  // all or the usual ones; empty: too many to say
    std::string about;                // one line
  };
  std::string name;  // "scan"
  std::string about;
  std::string notes;  // examples, exit codes: lines as they are printed
  std::vector<Option> options, arguments;
  std::vector<Grammar> commands;
};

// For bash, zsh or fish; Errc::usage for any other.
[[nodiscard]] Result<std::string> completion_script(const Grammar& program, std::string_view shell);
// In the macros of man(7): peekr(1), of all commands; or of those of one name, {"db"}: peekr-db(1), which must be there.
[[nodiscard]] std::string man_page(const Grammar& program, std::span<const std::string> names,
                                   std::string_view version);

}  // namespace peekr
