// SPDX-License-Identifier: Apache-2.0
// What the command line does not say, said elsewhere: by the environment, by a policy file, by the config file, in this order.
// Options are given values as if they stood on the line; docs/config.md says the same for people.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iterator>

#include "base/text.h"
#include "cli/access.h"
#include "cli/config.h"
#include "cli/policy.h"
#include "cli/raw.h"
#include "cli/values.h"
#include "cli/words.h"
#include "report/columns.h"

namespace peekr {
namespace {

// A value that an option has from elsewhere.
struct Said {
  CLI::Option* option = nullptr;
  std::vector<std::string> values;
  std::string origin;  // "PEEKR_DB", "team.yaml:3"
  bool of_policy = false;
};

void add_commands(CLI::App& at, const std::string& path, Commands& to) {
  const std::vector<CLI::App*> below = at.get_subcommands([](CLI::App*) { return true; });
  if (below.empty()) to.emplace_back(path, &at);
  for (CLI::App* one : below)
    add_commands(*one, path.empty() ? one->get_name() : path + " " + one->get_name(), to);
}

// Of what all that is judged, or by what: one of these in a variable that is forgotten makes another report.
constexpr std::array kScope = {"--as-of", "--pkg-types", "--limit", "--max-memory", "--mirror", "--insecure"};

bool is_rule(const std::string& name) {
  return name == "--policy" || (!name.empty() && setting_named(name.substr(2)) != nullptr);
}

CLI::Option* option_named(CLI::App& command, const std::string& name) {
  CLI::Option* option = command.get_option_no_throw(name);
  return option == nullptr || name_of(*option).empty() ? nullptr : option;
}

// --fail-on: PEEKR_FAIL_ON.
std::string variable_of(std::string name) {
  std::ranges::replace(name, '-', '_');
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return "PEEKR" + name.substr(1);
}

// $PEEKR_REGISTRY_TOKEN is the token, the option a file with it: access.cc reads the variable.
constexpr std::string_view kToken = "PEEKR_REGISTRY_TOKEN";

// One for each of its long names.
std::vector<std::string> variables_of(const CLI::Option& option) {
  std::vector<std::string> all;
  if (name_of(option).empty()) return all;
  for (const std::string& name : option.get_lnames()) all.push_back(variable_of("--" + name));
  return all;
}

void ask_environment(CLI::App& command, std::vector<Said>& to) {
  for (CLI::Option* option : command.get_options()) {
    for (const std::string& variable : variables_of(*option)) {
      const char* value = variable == kToken ? nullptr : std::getenv(variable.c_str());
      if (value != nullptr && *value != '\0')
        to.push_back({.option = option, .values = {value}, .origin = variable});
    }
  }
}

// A relative path is one from the folder of the config file, so that it does not depend on where peekr runs.
std::vector<std::string> values_of(const CLI::Option& option, const Config& config,
                                   const Config::Entry& entry) {
  const std::string kind = option.get_type_name();
  const std::filesystem::path folder = std::filesystem::path(config.file).parent_path();
  std::vector<std::string> values = entry.values;
  for (std::string& value : values) {
    const bool file = (kind == "FILE" || kind == "DIR") && value != "none" && value != "-";
    const bool base = kind == "BASE" && !value.contains("://");
    if (file || base) value = (folder / value).string();
    const auto [format, report] = cut(value, '=');
    if (kind == "FORMAT" && !report.empty()) value = std::string(format) + "=" + (folder / report).string();
  }
  return values;
}

// What is said of the command itself comes before what is said of all.
void ask_config(const std::string& path, CLI::App& command, const Config& config, std::vector<Said>& to) {
  for (const std::string& level : {path, std::string()}) {
    for (const Config::Entry& entry : config.entries) {
      CLI::Option* option = entry.command == level ? option_named(command, "--" + entry.key) : nullptr;
      if (option != nullptr)
        to.push_back({.option = option, .values = values_of(*option, config, entry), .origin = entry.where});
    }
  }
}

// A key that the command has no option for (a gate, of peekr plan) is nothing to it.
void ask_policy(CLI::App& command, const PolicyFile& file, std::vector<Said>& to) {
  for (const PolicyFile::Given& given : file.given) {
    CLI::Option* option = option_named(command, "--" + std::string(given.row->name));
    if (option != nullptr)
      to.push_back({.option = option, .values = given.values, .origin = given.where, .of_policy = true});
  }
}

// What nothing of this has would do nothing, and nobody would know.
Status check_config(CLI::App& app, const Config& config) {
  const Commands commands = commands_of(app);
  for (const Config::Entry& entry : config.entries) {
    const auto takes = [&](const auto& command) {
      return (entry.command.empty() || entry.command == command.first) &&
             option_named(*command.second, "--" + entry.key) != nullptr;
    };
    if (std::ranges::any_of(commands, takes)) continue;
    const std::string of = entry.command.empty() ? "any command" : "peekr " + printable(entry.command);
    return fail(Errc::usage, entry.where + ": " + printable(entry.key) + ": is no option of " + of);
  }
  return {};
}

// "$POLICY" that is not set would be no rule at all, "$DB" another database, and nobody would know.
Status check_line(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = name_of(*option);
    const bool empty = std::ranges::find(option->results(), "") != option->results().end();
    if (!empty || name.empty() || option->get_expected_min() == 0) continue;
    const bool names_files = option->get_type_name() == "FILE" && is_rule(name);
    return fail(Errc::usage, name + (names_files ? ": want a file, or none"
                                                 : ": is empty: of a variable that nobody has set?"));
  }
  return {};
}

bool has_gates(const PolicyFile& file) {
  const auto gate = [](const PolicyFile::Given& one) { return one.row->group == Setting::Group::gate; };
  return !file.gates.empty() || std::ranges::any_of(file.given, gate);
}

// What is said of a command but on the line and by its policy.
struct Elsewhere {
  std::vector<Said> environment, config;

  // Of that option, where the line does not say; empty: nothing.
  [[nodiscard]] std::string value(const CLI::Option* option, std::string of_the_line) const {
    for (const std::vector<Said>* some : {&environment, &config}) {
      const auto said = std::ranges::find(*some, option, &Said::option);
      if (option != nullptr && of_the_line.empty() && said != some->end()) of_the_line = said->values.back();
    }
    return of_the_line;
  }
};

Elsewhere said_elsewhere(const std::pair<std::string, CLI::App*>& command, const Config& config) {
  Elsewhere all;
  ask_environment(*command.second, all.environment);
  ask_config(command.first, *command.second, config, all.config);
  return all;
}

// Reads the policy that counts, and says all that is said, what comes first in front. `of_the_line`: the policy that is named there.
Result<std::vector<Said>> with_policy(Elsewhere said, CLI::App& command, const std::string& of_the_line,
                                      PolicyFile& policy) {
  const std::string file = said.value(option_named(command, "--policy"), of_the_line);
  if (!file.empty() && file != "none") policy = TRY(read_policy_file(file));
  std::vector<Said> all = std::move(said.environment);
  ask_policy(command, policy, all);
  std::ranges::move(said.config, std::back_inserter(all));
  return all;
}

// From here on, because a file that is read next may be a pipe that nobody writes to. What is no time is told where options are checked.
void count_time(const std::string& time) {
  if (const auto most = time_of(time)) give_up_after(*most);
}

// Flags are true or false, wherever they stand.
Status give(const Said& said) {
  CLI::Option& option = *said.option;
  const std::string where = said.origin + ": " + name_of(option);
  try {
    for (const std::string& value : said.values) {
      if (option.get_items_expected_max() == 0 && value != "true" && value != "false")
        return fail(Errc::usage, where + " " + printable(value) + ": want true or false");
      option.add_result(value);
    }
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    return fail(Errc::usage, said.origin + ": " + printable(error.what()));
  }
  return {};
}

// What takes findings out, lets them through or makes them others is told wherever it is not seen on the line.
void tell_rule(const Said& said, Raw& raw) {
  std::vector<std::string>& remarks = raw.options.request.policy.remarks;
  const std::string name = name_of(*said.option);
  if (said.option->count() == 0) {
    const std::string_view last = said.values.empty() ? std::string_view() : said.values.back();
    const bool nothing = last == "none" || last == "false" || (name == "--fail-on-base" && last == "on");
    const bool told = !nothing && (is_rule(name) || std::ranges::find(kScope, name) != kScope.end());
    if (!said.of_policy && told) remarks.push_back(said.origin + ": " + name + " counts");
  } else if (said.of_policy) {
    const auto by = raw.origins.find(name);
    remarks.push_back(said.origin + ": " + name.substr(2) + ": does not count: " +
                      (by == raw.origins.end() ? "the command line" : by->second) + " has " + name);
  }
}

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

Commands commands_of(CLI::App& app) {
  Commands all;
  add_commands(app, "", all);
  return all;
}

std::string name_of(const CLI::Option& option) {
  if (option.get_lnames().empty() || option.get_required() || !option.get_configurable()) return {};
  return "--" + option.get_lnames().front();
}

Status give_what_is_not_on_the_line(CLI::App& app, Raw& raw) {
  if (raw.options.command == Command::print) return {};
  std::pair<std::string, CLI::App*> asked{"", &app};
  while (!asked.second->get_subcommands().empty()) {
    asked.second = asked.second->get_subcommands().front();
    asked.first += (asked.first.empty() ? "" : " ") + asked.second->get_name();
  }
  TRY(check_line(*asked.second));
  const Config config = TRY(read_config());
  TRY(check_config(app, config));
  Elsewhere elsewhere = said_elsewhere(asked, config);
  count_time(elsewhere.value(option_named(*asked.second, "--timeout"), raw.timeout));
  PolicyFile file;
  const std::vector<Said> all = TRY(with_policy(std::move(elsewhere), *asked.second, raw.policy_file, file));
  for (const Said& said : all) {
    tell_rule(said, raw);
    if (said.option->count() > 0) continue;
    TRY(give(said));
    raw.origins[name_of(*said.option)] = said.origin;
  }
  if (has_gates(file) && option_named(*asked.second, "--fail-on") == nullptr)
    raw.options.request.policy.remarks.push_back(file.file + ": its gates count in peekr scan only");
  add_rules(file, raw.options.request.policy);
  // Beside a policy no file that lies in the folder takes anything out; one that is asked for takes the place of this.
  if (!file.file.empty()) raw.options.request.policy.files.ignore = {"none"};
  return {};
}

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

std::vector<std::string> option_variables(CLI::App& app) {
  std::vector<std::string> names;
  for (const auto& [path, command] : commands_of(app)) {
    for (const CLI::Option* option : command->get_options())
      std::ranges::move(variables_of(*option), std::back_inserter(names));
  }
  sort_unique(names);
  return names;
}

}  // namespace peekr
