// SPDX-License-Identifier: Apache-2.0
// What a command that opens an image needs beside its options: secrets, which are never on the command line, where
// every user of the machine could read them; and the cache.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "cli/bars.h"
#include "cli/options.h"
#include "image/cache.h"

namespace peekr {

// Where the caches of this user are, the one of layers among them, and how large that may become.
[[nodiscard]] std::string cache_home();
[[nodiscard]] std::string cache_directory();
Result<std::uint64_t> cache_limit();

// A request that is complete, and the cache that it uses. After it: finish().
class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const Options& options);
  [[nodiscard]] const Request& request() const { return request_; }
  // Keeps the cache to its limit, and tells what could not be written.
  void finish();

 private:
  explicit Session(const Options& options) : options_(options) {}

  const Options& options_;
  Bars bars_{options_};
  Request request_;
  std::unique_ptr<Cache> cache_;
};

// --timeout: from now on the program ends with a message and exit code 1 after that time, whatever it waits for. Nothing
// is left behind by that, no more than by kill -9.
void give_up_after(std::chrono::milliseconds time);

}  // namespace peekr
