// SPDX-License-Identifier: Apache-2.0
// What is said of options elsewhere than on the line: by the environment, by a policy file, by the config file. For given.cc, which has it
// count, and config_text.cc, which shows it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/config.h"
#include "cli/policy.h"
#include "cli/raw.h"

namespace peekr {

// A value that an option has from elsewhere.
struct Said {
  CLI::Option* option = nullptr;
  std::vector<std::string> values;
  std::string origin;  // "PEEKR_DB", "team.yaml:3"
  bool of_policy = false;
};

// What is said of a command but on the line and by its policy.
struct Elsewhere {
  std::vector<Said> environment, config;

  // Of that option, where the line does not say; empty: nothing.
  [[nodiscard]] std::string value(const CLI::Option* option, std::string of_the_line) const;
};

[[nodiscard]] Elsewhere said_elsewhere(const std::pair<std::string, CLI::App*>& command,
                                       const Config& config);
// Reads the policy that counts, and says all that is said, what comes first in front. `of_the_line`: the policy that is named there.
Result<std::vector<Said>> with_policy(Elsewhere said, CLI::App& command, const std::string& of_the_line,
                                      PolicyFile& policy);
// What nothing of this has would do nothing, and nobody would know.
Status check_config(CLI::App& app, const Config& config);
// Null: the command has none of that name, or only the line may say it.
[[nodiscard]] CLI::Option* option_named(CLI::App& command, const std::string& name);

}  // namespace peekr
