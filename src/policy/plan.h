// SPDX-License-Identifier: Apache-2.0
// The remediation plan (docs/plan.md): which packages go to which version, by what command. Pure; scan/plan.cc judges what comes of it.
#pragma once

#include "model/plan.h"
#include "model/report.h"
#include "policy/held.h"

namespace peekr {

// An action for the system's packages, and one for each project, program or archive: what has a fix goes to its version. What the
// actions remove is not filled in.
[[nodiscard]] Remediation drafted(const Report& report);
// The packages as they would be then, to be judged.
[[nodiscard]] Inventory changed(const Inventory& present, const Remediation& plan);
// Sends packages further up that are still to be fixed: `left` is what is found in changed(). False: there are none.
[[nodiscard]] bool raise(const Findings& left, Remediation& plan);
// Fills in what the actions remove; drops those that remove nothing; orders the rest.
void settle(const Report& report, const Findings& left, Remediation& plan);
// Fills in what one action removes of `before`.
void count_removed(const Report& report, const ByPackage& before, const ByPackage& left,
                   Remediation::Action& action);
// Fills in what stays, what comes, and the sums.
void sum_up(const Report& report, const Findings& left, Remediation& plan);
// policy/plan_removal.cc: behind all others the action that takes out what could be left out (spare.h), where something is left in it.
void leave_out(const Report& report, const Findings& left, Remediation& plan);

// What a step is of.
[[nodiscard]] std::string source_of(const Package& package);
[[nodiscard]] std::string source_version_of(const Package& package);

// policy/plan_commands.cc: command and words of an action of a language.
void add_command(const Report& report, Remediation::Action& action);
// policy/plan_npm.cc: that of a Node.js project, and which of its steps are direct.
void add_npm_command(const Report& report, Remediation::Action& action);
// The program of that language's command, "npm", where the image does not have it; empty: it has it, or it is not asked for.
[[nodiscard]] std::string missing_program(std::string_view type, const std::vector<Package>& packages);
// Whether a shell reads nothing into it, nor a program an option.
[[nodiscard]] bool is_safe(std::string_view text);

}  // namespace peekr
