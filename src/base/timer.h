// SPDX-License-Identifier: Apache-2.0
// Timer: how long a stage, a row or an input/output took. `Timer timer("catalog/dpkg");` adds the time until
// the end of its scope under that name, over all threads. Costs one branch while timing is off.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace peekr {

class Timer {
 public:
  explicit Timer(std::string_view name);  // must outlive the timer: a literal, or a row's name
  Timer(std::string_view folder, std::string_view row);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer();

  static void enable();
  // "name  count  total", one line a name, sorted: the tree that --timing prints.
  static std::string report();

 private:
  std::string_view folder_, row_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace peekr
