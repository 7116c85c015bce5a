// SPDX-License-Identifier: Apache-2.0
// Running another program and taking what it says.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekr {

struct Run {
  std::vector<std::string> command;   // the program, looked up in $PATH, and its arguments
  std::string input;                  // for its standard input
  std::chrono::milliseconds limit{};  // of time: it is killed then
  std::uint64_t most = 0;             // bytes of output: it is killed then
};

struct Ran {
  int status = 0;      // exit status; 128 + N for signal N
  std::string output;  // standard output; standard error goes nowhere
};

// Errc::not_found: there is no such program; limit: it took too long or said too much. The error names the program.
Result<Ran> run(const Run& what);

}  // namespace peekr
