// SPDX-License-Identifier: Apache-2.0
// What the command line does not say, said elsewhere: by the environment, by a policy file, by the config file, in this order.
// Options are given values as if they stood on the line; docs/config.md says the same for people.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/access.h"
#include "cli/said.h"
#include "cli/values.h"
#include "cli/words.h"
#include "report/columns.h"

namespace peekr {
namespace {

// Of what all that is judged, or by what: one of these in a variable that is forgotten makes another report.
constexpr std::array kScope = {"--as-of", "--pkg-types", "--limit", "--max-memory", "--mirror", "--insecure"};

bool is_rule(const std::string& name) {
  return name == "--policy" || (!name.empty() && setting_named(name.substr(2)) != nullptr);
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

}  // namespace

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

}  // namespace peekr
