// SPDX-License-Identifier: Apache-2.0
// The examples of the specification and of its test suite (github.com/package-url/vers-spec), and each kind of order.
#include "policy/vers.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"

namespace peekr {
namespace {

// "in", "out", "not ordered"; else why it is no range.
std::string answer(const std::string& text, std::string_view version, std::string_view type = "") {
  const std::string kind(cut(std::string_view(text).substr(5), '/').first);
  const Result<VersRange> range = read_vers(text, type.empty() ? kind : type);
  if (!range) return range.error().message;
  const std::optional<bool> inside = contains(*range, {std::string(version)});
  return !inside ? "not ordered" : *inside ? "in" : "out";
}

TEST(Vers, contains_what_the_specification_says) {
  struct Row {
    std::string vers;
    std::string_view inside, outside;  // versions
  };
  const Row rows[] = {
      {"vers:npm/1.2.3", "1.2.3", "1.2.4 1.2.2 1.2.3-rc1"},
      {"vers:npm/1.2.3|>=2.0.0|<5.0.0", "1.2.3 2.0.0 4.9.9", "1.2.2 1.9.9 5.0.0 6.0.0"},
      {"vers:npm/>=1.0.0|<2.0.0", "1.0.0 1.5.0", "0.9.9 2.0.0"},
      {"vers:npm/*", "1.0.0", ""},
      {"vers:deb/*", "2:1.0-1", ""},
      {"vers:pypi/0.0.0|0.0.1|0.0.2|0.0.3|1.0|2.0pre1", "0.0.2 1.0.0 2.0rc1", "0.0.4 2.0"},
      {"vers:maven/>=1.0.0-beta1|<=1.7.5|>=7.0.0-M1|<=7.0.7|>=7.1.0|<=7.1.2|>=8.0.0-M1|<=8.0.1",
       "1.0.0 1.7.5 7.0.0-M2 7.0.7 7.1.1 8.0.0", "1.0.0-alpha1 1.7.6 7.0.8 7.1.3 8.0.2 9"},
      {"vers:gem/>=2.2.0|!= 2.2.1|<2.3.0", "2.2.0 2.2.2", "2.1.9 2.2.1 2.3.0"},
      {"vers:pypi/<=1.3.0|3.0.0", "1.0.0 1.3.0 3.0.0", "1.3.1 2.0.0 3.0.1"},
      {"vers:pypi/>0.0.2", "0.0.3", "0.0.2 0.0.1"},
      {"vers:pypi/<0.0.2", "0.0.0.1", "0.0.2"},
      {"vers:pypi/>=1.0.0|<=2.0.0", "1.5 2.0", "2.0.3 0.0.9"},
      {"vers:pypi/>=3.0.0|2.0.3", "2.0.3 3.0.0", "2.0.4"},
      {"vers:pypi/>=3.0.0|!=2.0.3", "3.0.1", "2.0.3 2.9"},
      {"vers:pypi/<=1.0.0|>=2.0.0", "0.1 2.1", "1.5"},
      {"vers:pypi/0.0.2|0.0.6|>=3.0.0|0.0.1|0.0.4|0.0.5|0.0.3", "0.0.6 3.0.0", "2.0.3 0.0.7"},
      {"vers:npm/!=1.2.3", "1.2.2 1.2.4", "1.2.3"},
      {"vers:npm/|>=1.0.0||<2.0.0|", "1.5.0", "2.0.0"},  // as the edition before the standard has it
      {"vers:npm/1.0%2D1", "1.0-1", "1.0"},
      {"vers:none/*", "", "1.0.0"},
      {"vers:all/*", "1.0.0", ""},
  };
  for (const Row& row : rows) {
    for (const auto& [versions, want] : {std::pair{row.inside, "in"}, std::pair{row.outside, "out"}}) {
      if (versions.empty()) continue;
      for (const std::string_view one : split(versions, ' '))
        EXPECT_EQ(answer(row.vers, one), want) << row.vers << ' ' << one;
    }
  }
}

TEST(Vers, each_kind_has_its_own_order) {
  EXPECT_EQ(answer("vers:deb/<1:3.0.7-1~deb12u1", "3.0.9-1"), "in");
  EXPECT_EQ(answer("vers:deb/<3.0.9-1", "3.0.9-1~deb12u1"), "in");
  EXPECT_EQ(answer("vers:rpm/>=1:3.0.7-27.el9", "1:3.0.7-28.el9"), "in");
  EXPECT_EQ(answer("vers:rpm/>=3.0.7-27.el9", "1:3.0.7-26.el9"), "out") << "a bound without an epoch";
  EXPECT_EQ(answer("vers:rpm/>=3.0.7-27.el9", "1:3.0.7-28.el9"), "in");
  EXPECT_EQ(answer("vers:alpine/<1.2.3-r10", "1.2.3-r9", "apk"), "in");
  EXPECT_EQ(answer("vers:golang/>=v1.2.0|<v1.2.10", "1.2.9"), "in");
  EXPECT_EQ(answer("vers:pypi/<=2.4.1", "2.4.1+cu121"), "in") << "a build of its own of that version";
  EXPECT_EQ(answer("vers:semver/<1.0", "1.0rc1", "pypi"), "in") << "that of the package counts";
  EXPECT_EQ(answer("vers:generic/<1.10", "1.9", "deb"), "in");
  EXPECT_EQ(answer("vers:deb/<1.0", "no version"), "not ordered");
}

TEST(Vers, where_the_epoch_of_a_version_is_not_known_one_of_the_bounds_does_not_count) {
  const auto answer_of_source = [](std::string_view vers, std::string_view version) -> std::string {
    const Result<VersRange> range = read_vers(vers, "rpm");
    if (!range) return range.error().message;
    const std::optional<bool> inside = contains(*range, {.text = std::string(version), .knows_epoch = false});
    return !inside ? "not ordered" : *inside ? "in" : "out";
  };
  EXPECT_EQ(answer_of_source("vers:rpm/<1:3.0.7-1", "3.0.7-27"), "out");
  EXPECT_EQ(answer_of_source("vers:rpm/>=1:3.0|<1:3.0.8", "3.0.7-27"), "in");
  EXPECT_EQ(answer_of_source("vers:rpm/<3.0.7-1", "3.0.7-27"), "out");
  EXPECT_EQ(answer_of_source("vers:rpm/>=1:3.0|<2:1.0", "3.0.7-27"), "not ordered");
  EXPECT_EQ(answer_of_source("vers:rpm/*", "3.0.7-27"), "in");
}

TEST(Vers, what_is_no_range_is_told) {
  struct Row {
    std::string vers;
    std::string_view why;
    std::string_view type = "npm";
  };
  const Row rows[] = {
      {"vers:npm/", "it has no constraint"},
      {"vers:npm/||", "it has no constraint"},
      {"vers:npm/>=", ">=: no version of semver"},
      {"vers:npm/>=1.0.0|<=1.0.0", "1.0.0: it has that version twice"},
      {"vers:npm/1.0|!=1.0.0", "1.0.0: it has that version twice"},
      {"vers:npm/>=1.0|>=2.0", "2.0: no interval begins or ends there"},
      {"vers:npm/<1.0|<2.0", "2.0: no interval begins or ends there"},
      {"vers:npm/1.0|!=1.1|<2.0", "2.0: no interval begins or ends there"},
      {"vers:npm/>=1.0|1.5|<2.0", "1.5: no interval begins or ends there"},
      {"vers:rpm/>=1:3.0|<4.0", "some of its versions have an epoch, some have none", "rpm"},
      {"vers:npm/*|1.0", "*: no version of semver"},
      {"vers:npm/=1.0|%zz", "%zz: no version of semver"},
      {"vers:invalid/*", "versions of invalid have no order here"},
      {"vers:lexicographic/<b", "versions of lexicographic have no order here"},
      {"vers:deb/<1.0", "versions of deb are none of npm"},
      {"vers:npm/<1.0", "versions of cpan have no order here", "cpan"},
      {"1.0 - 2.0", "it does not begin with vers:"},
  };
  for (const Row& row : rows) EXPECT_EQ(answer(row.vers, "1.0.0", row.type), row.why) << row.vers;
  std::string many = "vers:npm/1";
  for (int i = 2; i < 2000; ++i) many += "|" + std::to_string(i);
  EXPECT_EQ(answer(many, "1.0.0"), "too many constraints");
}

}  // namespace
}  // namespace peekr
