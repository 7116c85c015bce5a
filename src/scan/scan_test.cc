// SPDX-License-Identifier: Apache-2.0
#include "scan/scan.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

IndexReport index_of(const std::vector<int>& codes) {
  IndexReport index;
  for (const int code : codes)
    index.platforms.push_back({.platform = "linux/amd64", .report = Report{.verdict = {.exit_code = code}}});
  return index;
}

TEST(Scan, the_gravest_exit_code_of_several_platforms_is_that_of_all) {
  const auto code = [](const std::vector<int>& codes, const Policy& policy = {}) {
    return judge(index_of(codes), policy).exit_code;
  };
  EXPECT_EQ(code({0, 0}), 0);
  EXPECT_EQ(code({4, 3}), 3) << "the end of life stands before what is incomplete";
  EXPECT_EQ(code({3, 2, 0}), 2);
  EXPECT_EQ(code({3, 9}, {.exit_code = 9}), 9) << "--exit-code takes the place of 2";
  EXPECT_EQ(code({4, 77}, {.exit_on_eol = 77}), 77);
}

TEST(Scan, a_platform_that_could_not_be_scanned_stands_before_all_gates) {
  IndexReport index = index_of({2});
  index.platforms.push_back(
      {.platform = "linux/arm64", .state = PlatformReport::State::failed, .why = "damaged"});
  index.platforms.push_back({.platform = "unknown/unknown", .state = PlatformReport::State::listed});
  const Verdict verdict = judge(index, {});
  EXPECT_EQ(verdict.exit_code, 1);
  EXPECT_EQ(verdict.reasons, std::vector<std::string>{"linux/arm64: could not be scanned"});
  index.platforms[1].os_version = "10.0.1";  // two of one platform are told apart
  EXPECT_EQ(judge(index, {}).reasons, std::vector<std::string>{"linux/arm64 10.0.1: could not be scanned"});
}

TEST(Scan, a_remark_on_the_rules_of_every_platform_is_made_once) {
  IndexReport index = index_of({0, 0});
  index.platforms[1].platform = "linux/arm64";
  index.platforms[0].report->verdict.remarks = {"--only-fixed: set by the config file"};
  index.platforms[1].report->verdict.remarks = {"--only-fixed: set by the config file", "rule 1: nothing"};
  EXPECT_EQ(judge(index, {}).remarks, (std::vector<std::string>{"--only-fixed: set by the config file",
                                                                "linux/arm64: rule 1: nothing"}));
}

}  // namespace
}  // namespace peekr
