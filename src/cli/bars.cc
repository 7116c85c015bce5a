// SPDX-License-Identifier: Apache-2.0
#include "cli/bars.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "base/environment.h"
#include "cli/output.h"
#include "cli/updating.h"
#include "report/columns.h"

namespace peekr {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr double kMeasured = 0.3;  // seconds: before, a speed says nothing
constexpr std::size_t kMost = 8, kName = 28, kBar = 20;
constexpr std::string_view kClear = "\x1b[J";  // from the cursor to the end of the screen

unsigned width_of_errors() {
  if (::isatty(STDERR_FILENO) == 0 || environment("TERM") == "dumb") return 0;
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80u;
}

// "osv/npm                       [########            ]  52.1 of 130.4 MB, 7.4 MB/s"
std::string bar(const Progress& one, const std::string& name, double seconds, unsigned width) {
  // Sources stand below each other; a label alone.
  std::string text = filled(one_line(name).substr(0, kName), name == one.source ? kName : 0) + "  ";
  if (one.total > 0) {
    const auto done = static_cast<std::size_t>(std::min(one.bytes, one.total) * kBar / one.total);
    text += "[" + std::string(done, '#') + std::string(kBar - done, ' ') + "]  ";
    text += fmt::format("{:.1f} of {:.1f} MB", static_cast<double>(one.bytes) / 1e6,
                        static_cast<double>(one.total) / 1e6);
  } else {
    text += size_text(one.bytes);
  }
  if (seconds >= kMeasured)
    text += fmt::format(", {:.1f} MB/s", static_cast<double>(one.bytes) / 1e6 / seconds);
  return text.substr(0, width - 1);
}

}  // namespace

Bars::Bars(const Options& options) : options_(options), width_(options.quiet ? 0 : width_of_errors()) {}

Bars::~Bars() {
  screen_.with([&](Screen& screen) {
    screen.bars.clear();
    draw(screen, "");
  });
}

void Bars::draw(Screen& screen, const std::string& above) const {
  std::string out;
  if (screen.lines > 0) out += fmt::format("\x1b[{}F{}", screen.lines, kClear);
  out += above;
  screen.lines = 0;
  screen.drawn = std::chrono::steady_clock::now();
  for (const auto& [source, one] : screen.bars) {
    if (screen.lines == kMost) break;
    const std::chrono::duration<double> since = screen.drawn - one.begun;
    if (since < one.look.patience) continue;
    out += bar(one.progress, one.look.label.empty() ? source : one.look.label, since.count(), width_) + "\n";
    ++screen.lines;
  }
  write_errors(out);
}

void Bars::show(const Progress& progress, const BarLook& look) {
  if (width_ == 0) return;
  screen_.with([&](Screen& screen) {
    const std::chrono::steady_clock::time_point time = std::chrono::steady_clock::now();
    Bar& one = screen.bars.try_emplace(progress.source, Bar{.begun = time}).first->second;
    one.progress = progress;
    one.look = look;
    if (time - screen.drawn >= kRedraw) draw(screen, "");
  });
}

void Bars::tell(const std::string& source, std::string_view line) {
  if (width_ == 0) {
    if (!line.empty()) peekr::tell(options_, line);
    return;
  }
  screen_.with([&](Screen& screen) {
    screen.bars.erase(source);
    draw(screen, line.empty() ? "" : std::string(line) + "\n");
  });
}

}  // namespace peekr
