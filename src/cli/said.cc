// SPDX-License-Identifier: Apache-2.0
#include "cli/said.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>

#include "base/text.h"

namespace peekr {
namespace {

void add_commands(CLI::App& at, const std::string& path, Commands& to) {
  const std::vector<CLI::App*> below = at.get_subcommands([](CLI::App*) { return true; });
  if (below.empty()) to.emplace_back(path, &at);
  for (CLI::App* one : below)
    add_commands(*one, path.empty() ? one->get_name() : path + " " + one->get_name(), to);
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

}  // namespace

CLI::Option* option_named(CLI::App& command, const std::string& name) {
  CLI::Option* option = command.get_option_no_throw(name);
  return option == nullptr || name_of(*option).empty() ? nullptr : option;
}

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

std::string Elsewhere::value(const CLI::Option* option, std::string of_the_line) const {
  for (const std::vector<Said>* some : {&environment, &config}) {
    const auto said = std::ranges::find(*some, option, &Said::option);
    if (option != nullptr && of_the_line.empty() && said != some->end()) of_the_line = said->values.back();
  }
  return of_the_line;
}

Elsewhere said_elsewhere(const std::pair<std::string, CLI::App*>& command, const Config& config) {
  Elsewhere all;
  ask_environment(*command.second, all.environment);
  ask_config(command.first, *command.second, config, all.config);
  return all;
}

Result<std::vector<Said>> with_policy(Elsewhere said, CLI::App& command, const std::string& of_the_line,
                                      PolicyFile& policy) {
  const std::string file = said.value(option_named(command, "--policy"), of_the_line);
  if (!file.empty() && file != "none") policy = TRY(read_policy_file(file));
  std::vector<Said> all = std::move(said.environment);
  ask_policy(command, policy, all);
  std::ranges::move(said.config, std::back_inserter(all));
  return all;
}

Commands commands_of(CLI::App& app) {
  Commands all;
  add_commands(app, "", all);
  return all;
}

std::string name_of(const CLI::Option& option) {
  if (option.get_lnames().empty() || option.get_required() || !option.get_configurable()) return {};
  return "--" + option.get_lnames().front();
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
