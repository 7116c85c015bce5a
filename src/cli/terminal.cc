// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/environment.h"
#include "base/text.h"
#include "cli/commands.h"

namespace peekr {
namespace {

constexpr unsigned kNoTerminal = 100, kNarrowest = 40, kWidest = 1000, kHelp = 80, kWidestHelp = 100;

// otherwise: where neither the terminal nor $COLUMNS says.
unsigned terminal_width(unsigned otherwise) {
  winsize size{};
  unsigned width = 0;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0)
    width = static_cast<unsigned>(to_number(environment("COLUMNS")).value_or(otherwise) & 0xFFFFu);
  return std::clamp(width, kNarrowest, kWidest);
}

// What a terminal says of itself: of OSC 8 it can say no more than who it is.
bool has_links() {
  if (const std::string forced = environment("FORCE_HYPERLINK"); !forced.empty()) return forced != "0";
  const std::string program = environment("TERM_PROGRAM");
  return program == "iTerm.app" || program == "WezTerm" || program == "vscode" ||
         to_number(environment("VTE_VERSION")).value_or(0) >= 5000 || environment("TERM") == "xterm-kitty" ||
         !environment("KITTY_WINDOW_ID").empty() || !environment("WT_SESSION").empty() ||
         !environment("KONSOLE_VERSION").empty();
}

}  // namespace

Style style_of(const Options& options) {
  Style style{.width = kNoTerminal,
              .files = options.files,
              .verbose = options.verbose,
              .suppressed = options.show_suppressed,
              .split = options.split,
              .sort = options.sort,
              .plan_line = options.output.empty() ? options.plan_line : "",
              .scores_line = options.output.empty() ? update_line(options, "nvd") : Style().scores_line,
              .run = {.sha = environment("GITHUB_SHA"),
                      .ref = environment("GITHUB_REF"),
                      .id = environment("GITHUB_RUN_ID"),
                      .workflow = environment("GITHUB_WORKFLOW"),
                      .job = environment("GITHUB_JOB"),
                      .server = environment("GITHUB_SERVER_URL"),
                      .repository = environment("GITHUB_REPOSITORY")}};
  if (!options.output.empty() || options.format.empty() || ::isatty(STDOUT_FILENO) == 0) return style;
  style.colour = !options.no_color && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  style.links = style.colour && has_links();
  style.width = terminal_width(kNoTerminal);
  return style;
}

unsigned help_width() { return std::min(terminal_width(kHelp), kWidestHelp); }

}  // namespace peekr
