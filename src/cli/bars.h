// SPDX-License-Identifier: Apache-2.0
// Bars: what is being fetched, one line each, on a terminal only; what is told meanwhile stands above them. Elsewhere, and
// with --quiet, there are none.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "base/guarded.h"
#include "cli/options.h"
#include "service/update.h"

namespace peekr {

struct BarLook {
  std::string label = {};                 // in place of the source's name
  std::chrono::milliseconds patience{0};  // so long it is not drawn
};

class Bars {
 public:
  explicit Bars(const Options& options);
  Bars(const Bars&) = delete;
  Bars& operator=(const Bars&) = delete;
  ~Bars();  // takes them off the screen

  // May be called by several threads.
  void show(const Progress& progress, const BarLook& look = {});
  // For people, on standard error, as tell(); the bar of `source` is done.
  void tell(const std::string& source, std::string_view line);

 private:
  struct Bar {
    Progress progress;
    BarLook look;
    std::chrono::steady_clock::time_point begun;
  };
  struct Screen {
    std::map<std::string, Bar> bars;
    std::size_t lines = 0;  // that are drawn
    std::chrono::steady_clock::time_point drawn;
  };
  // `above`: a line of text, or nothing.
  void draw(Screen& screen, const std::string& above) const;

  const Options& options_;
  unsigned width_ = 0;  // 0: no terminal
  Guarded<Screen> screen_;
};

}  // namespace peekr
