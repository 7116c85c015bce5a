// SPDX-License-Identifier: Apache-2.0
// The remediation plan (docs/plan.md): which packages go to which version, by what command. Pure; scan/plan.cc judges what comes of it.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/plan.h"
#include "model/report.h"
#include "policy/held.h"
#include "policy/node_modules.h"
#include "policy/vendored.h"

namespace peekr {

// What a plan is made of, looked for in the image once.
struct Means {
  // Packages, which outlive it, of an image of that kind (ImageInfo).
  explicit Means(const std::vector<Package>& all, std::string_view kind = {});

  const std::vector<Package>& packages;
  NodeModules modules;
  Vendored vendored;
  std::set<std::string, std::less<>> pythons;  // that have pip: "/usr/local/bin/python3.11"
  bool of_image;                               // not of a folder in which somebody works, or of a package URL
  // By type the program of that language's command, "npm", that the image does not have.
  std::map<std::string, std::string, std::less<>> missing;
  // Root file systems inside the image: "/srv/chroot".
  std::set<std::string, std::less<>> roots;

  // That which a place is, or lies in; empty: none.
  [[nodiscard]] std::string_view root_around(std::string_view where) const;
};
// An action for the system's packages, and one for each project, program or archive: what has a fix goes to its version. What the
// actions remove is not filled in.
[[nodiscard]] Remediation drafted(const Report& report, Means& means);
// The packages as they would be then, to be judged.
[[nodiscard]] Inventory changed(const Inventory& present, const Remediation& plan);
// Sends packages further up that are still to be fixed: `left` is what is found in changed(). False: there are none.
[[nodiscard]] bool raise(const Findings& left, Remediation& plan);
// Fills in what the actions remove; drops those that remove nothing; orders the rest.
void settle(const Report& report, const Findings& left, Means& means, Remediation& plan);
// Fills in what one action removes of `before`.
void count_removed(const Report& report, const ByPackage& before, const ByPackage& left,
                   Remediation::Action& action);
// Fills in what stays, what comes, and the sums.
void sum_up(const Report& report, const Findings& left, Means& means, Remediation& plan);
// policy/plan_removal.cc: behind all others the action that takes out what could be left out (spare.h), where something is left in it.
void leave_out(const Report& report, const Findings& left, Means& means, Remediation& plan);

// What a step is of.
[[nodiscard]] std::string source_of(const Package& package);
[[nodiscard]] std::string source_version_of(const Package& package);

// policy/plan_system.cc: command and words of the action of the system's packages.
void add_system_command(const std::vector<Package>& packages, Remediation::Action& action);
// The architecture of dpkg itself, whose names need none; empty: it is not there.
[[nodiscard]] std::string native_architecture(const std::vector<Package>& packages);
// As the system's package manager is told it: "libssl3", of another architecture "libssl3:i386"; empty: it may not stand in a command.
[[nodiscard]] std::string name_in_command(const Package& package, std::string_view native);

// policy/plan_commands.cc: command and words of an action of a language.
void add_command(Means& means, Remediation::Action& action);
// "'idna>=3.7,<4'": the fix, or a later version of its line: told the fixes alone pip refuses where one of them needs more than another.
// Of what is no plain number (PEP 440 has no ">=" for "1.0+local") that very one.
[[nodiscard]] std::string pip_wants(const std::string& name, const std::string& to);
// Each name once, as pip wants it, with the highest version, of those that may stand in a command.
[[nodiscard]] std::map<std::string, std::string> highest_versions(const Remediation::Action& action);
// policy/plan_locks.cc: that of a lock file of Python's or Ruby's, or of what pip is told to install.
void add_lock_command(Remediation::Action& action);
// policy/plan_programs.cc: those of programs.
void add_cargo_command(Remediation::Action& action);
void add_go_command(Remediation::Action& action);
// policy/plan_npm.cc: that of a Node.js project, and which of its steps are direct.
void add_npm_command(Means& means, Remediation::Action& action);
// Whether a shell reads nothing into it, nor a program an option.
[[nodiscard]] bool is_safe(std::string_view text);
[[nodiscard]] bool may_stand_in_command(const Remediation::Step& step);

}  // namespace peekr
