// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.h"
#include "cli/said.h"
#include "cli/words.h"
#include "report/columns.h"

namespace peekr {
namespace {

// One value of one option, for all the commands that have it so.
struct Row {
  std::string option, value, origin;
  std::vector<std::string> commands;
};

void add(const Said& said, const std::string& command, std::vector<Row>& to) {
  Row row{.option = name_of(*said.option), .origin = said.origin, .commands = {command}};
  for (const std::string& value : said.values)
    row.value += (row.value.empty() ? "" : ", ") + without_secrets(value);
  const auto same = std::ranges::find_if(to, [&](const Row& one) {
    return one.option == row.option && one.value == row.value && one.origin == row.origin;
  });
  if (same == to.end()) return to.push_back(std::move(row));
  same->commands.push_back(command);
}

bool is_below(const std::string& command, const std::string& only) {
  return only.empty() || command == only || command.starts_with(only + " ");
}

}  // namespace

Result<std::string> config_text(CLI::App& app, const std::string& only) {
  const Config config = TRY(read_config());
  TRY(check_config(app, config));
  Commands commands = commands_of(app);
  std::erase_if(commands, [&](const auto& one) { return !is_below(one.first, only); });
  if (commands.empty()) return fail(Errc::usage, "config " + printable(only) + ": there is no such command");
  std::vector<Row> rows;
  for (const auto& command : commands) {
    PolicyFile file;
    std::vector<const CLI::Option*> seen;
    const std::vector<Said> all =
        TRY(with_policy(said_elsewhere(command, config), *command.second, "", file));
    for (const Said& said : all) {
      if (std::ranges::find(seen, said.option) != seen.end()) continue;
      seen.push_back(said.option);
      add(said, command.first, rows);
    }
  }
  std::string text = "config file: " + (config.file.empty() ? "none" : printable(config.file)) + "\n";
  for (const Row& row : rows) {
    text += wrapped(one_line(row.option + " " + row.value), {.indent = 4});
    text += wrapped(one_line(row.origin + ": " + join(row.commands, ", ")), {.indent = 4, .head = "  "});
  }
  return text;
}

}  // namespace peekr
