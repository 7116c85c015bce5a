// SPDX-License-Identifier: Apache-2.0
#include "lib/regex.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

using std::string_view_literals::operator""sv;

TEST(Regex, gives_the_groups_of_the_first_match) {
  const Regex regex(R"((\d+)\.(\d+))");
  EXPECT_EQ(regex.find("a 1.22 3.4"), (std::vector<std::string>{"1", "22"}));
  EXPECT_TRUE(regex.find("none").empty());
}

TEST(Regex, takes_any_byte) {
  EXPECT_EQ(Regex(R"(\x00(\d)\xFF)").find("\0001\xFF"sv), std::vector<std::string>{"1"});
  EXPECT_EQ(Regex(R"(a(.)b)").find("a\nb"), std::vector<std::string>{"\n"});
}

TEST(Regex, of_anybody_it_may_not_compile_and_matches_whole_texts) {
  EXPECT_FALSE(Regex::compile("a(b"));
  const std::optional<Regex> kernel = Regex::compile("linux(-.*)?");
  ASSERT_TRUE(kernel.has_value());
  EXPECT_TRUE(kernel->matches("linux-libc-dev"));
  EXPECT_FALSE(kernel->matches("util-linux"));
}

}  // namespace
}  // namespace peekr
