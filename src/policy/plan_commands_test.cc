// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "policy/plan.h"

namespace peekr {
namespace {

Remediation::Action action(std::string type, std::vector<Remediation::Step> steps) {
  Remediation::Action one{.type = std::move(type), .steps = std::move(steps)};
  add_command(one);
  return one;
}

TEST(PlanCommands, gem_and_npm_keep_older_copies_and_it_is_told) {
  const Remediation::Action gem = action("gem", {{.name = "rack", .from = "2.2.3", .to = "2.2.8"}});
  EXPECT_EQ(gem.command, "gem install rack:2.2.8");
  EXPECT_EQ(gem.words,
            "gem keeps what was there: gem uninstall rack -v 2.2.3, or bundle update rack where a "
            "Gemfile.lock asks for it");
  const Remediation::Action npm = action("npm", {{.name = "braces", .from = "2.3.2", .to = "3.0.3"}});
  EXPECT_EQ(npm.command, "npm install braces@3.0.3");
  EXPECT_TRUE(npm.words.starts_with("npm may keep an older copy")) << npm.words;
  EXPECT_EQ(action("pypi", {{.name = "idna", .from = "3.3", .to = "3.7"}}).words, "");
}

TEST(PlanCommands, nothing_that_a_shell_reads_is_in_a_command_or_beside_it) {
  const Remediation::Action one = action(
      "gem", {{.name = "a", .from = "1;reboot", .to = "2"}, {.name = "$(reboot)", .from = "1", .to = "2"}});
  EXPECT_EQ(one.command, "gem install a:2");
  EXPECT_EQ(one.words, "");
}

}  // namespace
}  // namespace peekr
