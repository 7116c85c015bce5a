// SPDX-License-Identifier: Apache-2.0
// Running another program and taking what it says.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
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

// Ends what we have started, with all that it has started; a signal's handler may call it.
void end_children();
// From now on a signal that ends us (SIGINT, SIGTERM, SIGHUP) ends them, too: they are in groups of their own, which a terminal's
// Ctrl-C does not reach.
void end_children_by_signals();
// What such a signal has done first, by its handler. False: not now; who says so raises the signal again.
void clear_before_end(bool (*clear)(int signal));

// Errc::not_found: there is no such program; limit: it took too long or said too much. The error names the program.
Result<Ran> run(const Run& what);

// A program that runs, and whose output is taken as it comes. It is killed with this.
class Running {
 public:
  // The program, looked up in $PATH, and its arguments. Errc::not_found: there is no such program. Errors name it.
  static Result<std::unique_ptr<Running>> start(const std::vector<std::string>& command);
  virtual ~Running() = default;
  // The next bytes of its standard output, valid until the next call; empty when it has ended with status 0. Errc::io: it has
  // ended otherwise; the error has the first line of its standard error. limit: nothing came for ten minutes.
  virtual Result<std::string_view> next() = 0;
};

}  // namespace peekr
