// SPDX-License-Identifier: Apache-2.0
// What the line of a scan asks, asked of peekr plan: the hint below a report is a line that a shell takes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.h"
#include "cli/raw.h"
#include "cli/words.h"
#include "report/columns.h"

namespace peekr {
namespace {

// How an answer looks, where it goes and how fast it comes says nothing of the question.
constexpr std::array<std::string_view, 7> kLeftOut = {"--format", "--output",  "--no-color", "--quiet",
                                                      "--timing", "--threads", "--platform"};

void add(const CLI::Option& said, std::string& line) {
  const std::string name = "--" + said.get_lnames().front();
  if (said.get_items_expected_max() == 0) {
    line += " " + name + (said.results().back() == "true" ? "" : "=" + shell_word(said.results().back()));
  } else if (said.get_delimiter() != '\0') {
    line += " " + name + " " + shell_word(join(said.results(), std::string(1, said.get_delimiter())));
  } else {
    for (const std::string& value : said.results())
      line += " " + name + " " + shell_word(without_secrets(value));
  }
}

bool is_asked(const CLI::Option& said, const CLI::App& plan) {
  if (said.count() == 0 || said.get_lnames().empty()) return false;
  const std::string name = "--" + said.get_lnames().front();
  return std::ranges::find(kLeftOut, name) == kLeftOut.end() && plan.get_option_no_throw(name) != nullptr;
}

}  // namespace

std::string plan_line(const CLI::App& app) {
  const CLI::App *const scan = app.get_subcommand("scan"), *const plan = app.get_subcommand("plan");
  std::string line = shell_word(program_invocation_name) + " plan";
  for (const CLI::Option* said : scan->get_options()) {
    if (said->get_name() == "TARGET") line += " " + shell_word(said->results().back());
    if (is_asked(*said, *plan)) add(*said, line);
  }
  // Last: of all platforms each report puts its own there.
  const CLI::Option* const platform = scan->get_option("--platform");
  if (platform->count() > 0 && platform->results().back() != "all") add(*platform, line);
  return line;
}

}  // namespace peekr
