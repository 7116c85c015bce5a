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

}  // namespace
}  // namespace peekr
