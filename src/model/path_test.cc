// SPDX-License-Identifier: Apache-2.0
#include "model/path.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

TEST(Path, is_canonical_and_relative_to_the_root) {
  EXPECT_EQ(Path("etc/os-release").str(), "etc/os-release");
  EXPECT_EQ(Path("/etc/os-release").str(), "etc/os-release");
  EXPECT_EQ(Path("./etc//os-release/").str(), "etc/os-release");
  EXPECT_EQ(Path("etc/./x/../os-release").str(), "etc/os-release");
  EXPECT_EQ(Path("././.").str(), "");
  EXPECT_EQ(Path("/").str(), "");
  EXPECT_EQ(Path("").str(), "");
}

TEST(Path, cannot_climb_out) {
  EXPECT_EQ(Path("../../etc/passwd").str(), "etc/passwd");
  EXPECT_EQ(Path("a/../../..").str(), "");
  EXPECT_EQ(Path("./../a").str(), "a");
}

TEST(Path, climbing_out_is_told_from_going_up_inside) {
  EXPECT_TRUE(climbs_out("../a"));
  EXPECT_TRUE(climbs_out("a/../../b"));
  EXPECT_TRUE(climbs_out("/.."));
  EXPECT_FALSE(climbs_out("a/b/../../c"));
  EXPECT_FALSE(climbs_out("..a/b.."));
  EXPECT_FALSE(climbs_out(""));
}

TEST(Path, dots_are_only_special_as_a_whole_part) {
  EXPECT_EQ(Path("a/...").str(), "a/...");
  EXPECT_EQ(Path("a/..b/.c").str(), "a/..b/.c");
}

TEST(Path, keeps_bytes_that_are_no_utf8) { EXPECT_EQ(Path("/a/\xFF\n").str(), "a/\xFF\n"); }

TEST(Path, has_a_name_and_a_folder) {
  EXPECT_EQ(Path("a/b/c").name(), "c");
  EXPECT_EQ(Path("a/b/c").folder(), "a/b");
  EXPECT_EQ(Path("a").name(), "a");
  EXPECT_EQ(Path("a").folder(), "");
  EXPECT_EQ(Path().name(), "");
  EXPECT_TRUE(Path("/").empty());
}

}  // namespace
}  // namespace peekr
