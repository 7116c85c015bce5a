// SPDX-License-Identifier: Apache-2.0
#include "base/timer.h"

#include <atomic>
#include <cstdio>
#include <map>

#include "base/guarded.h"

namespace peekr {
namespace {

struct Total {
  std::size_t count = 0;
  std::chrono::nanoseconds time{0};
};
using Totals = std::map<std::string, Total>;

constinit std::atomic<bool> enabled{false};

// Made on first use and never destroyed: timers may end while the program does.
Guarded<Totals>& totals() {
  static auto* const guarded = new Guarded<Totals>();
  return *guarded;
}

}  // namespace

Timer::Timer(std::string_view name) : Timer(name, {}) {}

Timer::Timer(std::string_view folder, std::string_view row) : folder_(folder), row_(row) {
  if (enabled) start_ = std::chrono::steady_clock::now();
}

Timer::~Timer() {
  if (!enabled) return;
  const auto spent = std::chrono::steady_clock::now() - start_;
  std::string name(folder_);
  if (!row_.empty()) name.append("/").append(row_);
  totals().with([&](Totals& all) {
    Total& total = all[name];
    ++total.count;
    total.time += std::chrono::duration_cast<std::chrono::nanoseconds>(spent);
  });
}

void Timer::enable() { enabled = true; }

std::string Timer::report() {
  return totals().with([](const Totals& all) {
    std::string out;
    for (const auto& [name, total] : all) {
      char line[160];
      const double milliseconds = static_cast<double>(total.time.count()) / 1e6;
      std::snprintf(line, sizeof line, "%-32s %8zu x %12.3f ms\n", name.c_str(), total.count, milliseconds);
      out += line;
    }
    return out;
  });
}

}  // namespace peekr
