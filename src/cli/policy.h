// SPDX-License-Identifier: Apache-2.0
// What the options on gates, filters and exceptions mean (docs/policy.md).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "policy/policy_file.h"

namespace peekr {

// By the names of settings(), as they stand on the command line; empty: it does not say.
using SettingTexts = std::map<std::string, std::vector<std::string>, std::less<>>;

// Errc::usage names the option.
Status set_policy(const SettingTexts& texts, Policy& policy);
// A whole policy file.
Result<PolicyFile> read_policy_file(const std::string& file);
// What is in the files that the policy names, and the day by which they are asked: that of --as-of, or today.
Status load_policy(const Options& options, Policy& policy);
// Policy::remarks, on standard error: of commands whose answer has no verdict to tell them below.
void tell_remarks(const Options& options);

}  // namespace peekr
