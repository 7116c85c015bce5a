// SPDX-License-Identifier: Apache-2.0
// The parts of the command line's grammar: options.cc has the commands of the database and the line as a whole, options_image.cc
// those of an image, options_check.cc what is asked only when the whole line has been read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/options.h"
#include "cli/policy.h"

namespace CLI {
class App;
class Option;
class ParseError;
}  // namespace CLI

namespace peekr {

// What is checked only when the whole line has been read.
struct Raw {
  Options options;
  SettingTexts settings;
  std::string policy_file;
  std::string sort, max_db_age, verify = "blobs", package_types, sbom_from, vex_from;
  std::vector<std::string> limits, formats;
  std::string max_image_size, max_memory, timeout, cache_size;
  std::map<std::string, std::string, std::less<>>
      origins;  // of values that are not on the line: "--db": "PEEKR_DB"
  std::map<const CLI::Option*, std::vector<std::string>> values;  // all that an option may be set to
};

// Errors name the option. Fills in Raw::options.
Status check(Raw& raw);

// Whether it takes FORMAT=FILE, as often as one likes.
[[nodiscard]] bool writes_reports(Command command);
// What its --format may be: "json", "table".
[[nodiscard]] std::vector<std::string> formats_of(Command command);
// CLI11 2.1 puts what is said of an option on one line, however long: this breaks it.
[[nodiscard]] std::string about(std::string_view text);
CLI::App* command(CLI::App& parent, const char* name, const char* about, std::string_view notes);
void add_db(CLI::App& app, Raw& raw);
void add_as_of(CLI::App& app, Raw& raw);
void add_output(CLI::App& app, Raw& raw, Command command);
void add_fetching(CLI::App& app, Raw& raw);

void add_scan(CLI::App& app, Raw& raw);
void add_plan(CLI::App& app, Raw& raw);
void add_inventory(CLI::App& app, Raw& raw);
void add_convert(CLI::App& app, Raw& raw);
void add_diff(CLI::App& app, Raw& raw);
void add_explain(CLI::App& app, Raw& raw);
void add_policy(CLI::App& app, Raw& raw);

// Those that do something, by their words: "scan", "db update".
using Commands = std::vector<std::pair<std::string, CLI::App*>>;
[[nodiscard]] Commands commands_of(CLI::App& app);
// "--fail-on"; empty: only the line may say it. What is required is asked of the line.
[[nodiscard]] std::string name_of(const CLI::Option& option);
// docs/schema/config.schema.json.
[[nodiscard]] std::string config_schema(CLI::App& app);

// What the line does not say, by the environment, a policy file and the config file. Errors name the variable, or the file, the line
// and the key. Fills in Raw::origins.
Status give_what_is_not_on_the_line(CLI::App& app, Raw& raw);
// What peekr config prints: each option that is set so, its value, by what, for which commands. only: a command; empty: all.
Result<std::string> config_text(CLI::App& app, const std::string& only);
// "peekr db build": the command that was asked for.
[[nodiscard]] std::string command_words(const CLI::App& app);
// Which word is wrong and what was meant, and in the second line which help to read. unknown_command: that the line begins with what
// is no command nor option ("scna"); empty: it does not.
[[nodiscard]] std::string unknown_command(const CLI::App& app, const std::vector<std::string>& arguments);
[[nodiscard]] std::string wrong_line(const CLI::App& app, const CLI::ParseError& error);
// Of a scan: "peekr plan image.tar --db /srv/db", as a shell takes it.
[[nodiscard]] std::string plan_line(const CLI::App& app);
// PEEKR_DB, PEEKR_FAIL_ON, ...: those that set an option.
[[nodiscard]] std::vector<std::string> option_variables(CLI::App& app);

}  // namespace peekr
