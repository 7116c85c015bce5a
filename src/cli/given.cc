// SPDX-License-Identifier: Apache-2.0
// What the command line does not say, said elsewhere: options are given values as if they stood on the line.
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/policy.h"
#include "cli/raw.h"

namespace peekr {
namespace {

// The command that was asked for: "update" of peekr db update.
CLI::App& asked(CLI::App& app) {
  CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

Status give(CLI::Option& option, const std::vector<std::string>& values) {
  try {
    for (const std::string& value : values) option.add_result(value);
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    return fail(Errc::usage, printable(error.what()));
  }
  return {};
}

}  // namespace

// A key that the command has no option for (a gate, of peekr plan) is nothing to it.
Status give_policy(CLI::App& app, Raw& raw) {
  if (raw.policy_file.empty()) return {};
  const PolicyFile file = TRY(read_policy_file(raw.policy_file));
  Policy& policy = raw.options.request.policy;
  for (const PolicyFile::Given& given : file.given) {
    const std::string name = "--" + std::string(given.row->name);
    CLI::Option* option = asked(app).get_option_no_throw(name);
    if (option == nullptr) continue;
    if (option->count() > 0) {
      policy.remarks.push_back(given.where + ": " + std::string(given.row->name) +
                               ": does not count: the command line has " + name);
    } else {
      TRY(within(given.where, give(*option, given.values)));
    }
  }
  add_rules(file, policy);
  return {};
}

}  // namespace peekr
