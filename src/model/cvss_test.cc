// SPDX-License-Identifier: Apache-2.0
#include "model/cvss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace peekr {
namespace {

struct Example {
  const char* vector;
  double score;
};

void expect_scores(std::initializer_list<Example> examples) {
  for (const Example& one : examples) {
    const std::optional<double> got = cvss_score(one.vector);
    ASSERT_TRUE(got) << one.vector;
    EXPECT_NEAR(*got, one.score, 0.001) << one.vector;
  }
}

// From "A Complete Guide to CVSS v2.0", section 3.3: CVE-2002-0392, CVE-2003-0818, CVE-2003-0062.
TEST(Cvss, v2_examples_of_the_guide) {
  expect_scores({{"AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8},
                 {"AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0},
                 {"(AV:L/AC:H/Au:N/C:C/I:C/A:C)", 6.2},
                 {"AV:N/AC:L/Au:N/C:P/I:P/A:P/E:F/RL:OF/RC:C", 7.5},
                 {"CVSS:2.0/AV:L/AC:L/Au:N/C:N/I:N/A:N", 0.0}});
  EXPECT_FALSE(std::signbit(*cvss_score("AV:L/AC:H/Au:M/C:N/I:N/A:N")));
}

// From the CVSS v3.1 Examples document of FIRST: the CVE ids are in its headings.
TEST(Cvss, v3_1_examples_of_first) {
  expect_scores({{"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4},    // CVE-2013-0375
                 {"CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1},    // CVE-2014-3566
                 {"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9},    // CVE-2012-1516
                 {"CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 4.2},    // CVE-2009-0783
                 {"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.8},    // CVE-2012-0384
                 {"CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8},    // CVE-2015-1098
                 {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5},    // CVE-2014-0160
                 {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},    // CVE-2014-6271
                 {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 6.8},    // CVE-2008-1447
                 {"CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8},    // CVE-2014-2005
                 {"CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H", 9.3},    // CVE-2013-6014
                 {"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 8.8}});  // CVE-2016-1645
}

TEST(Cvss, v3_0_has_the_equations_of_v3_1) {
  expect_scores({{"CVSS:3.0/AV:P/AC:H/PR:L/UI:R/S:U/C:L/I:H/A:H", 5.8},
                 {"CVSS:3.1/AV:P/AC:H/PR:L/UI:R/S:U/C:L/I:H/A:H", 5.8},
                 {"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},
                 {"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0}});
}

// CVSS v4.0 specification and its calculator.
TEST(Cvss, v4_0_scores) {
  expect_scores({{"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0},
                 {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3},
                 {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N", 6.9},
                 {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", 8.7},
                 {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.2},
                 {"CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 8.5},
                 {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1},
                 {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0},
                 {"CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 1.0}});
}

// From the CVSS v4.0 Examples document of FIRST: the CVE ids are in its headings.
TEST(Cvss, v4_0_examples_of_first) {
  expect_scores(
      {{"CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3},  // CVE-2022-41741
       {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7},  // CVE-2020-3549
       {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.3},  // CVE-2023-3089
       {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/CR:H/IR:L/AR:L", 8.1},
       {"CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 4.6},    // CVE-2021-44714
       {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1},    // CVE-2022-21830
       {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:L/SA:N", 6.9},    // CVE-2022-22186
       {"CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 5.9}});  // CVE-2023-21989
}

TEST(Cvss, v4_0_counts_what_is_said_of_the_threat_and_of_the_environment) {
  const std::string base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
  const auto score = [&](const char* more) { return cvss_score(base + more).value_or(-1); };
  EXPECT_NEAR(score("/E:A"), 9.3, 0.001);
  EXPECT_NEAR(score("/E:P"), 8.9, 0.001);
  EXPECT_NEAR(score("/E:U"), 8.1, 0.001);
  EXPECT_NEAR(score("/E:X/MAV:X/CR:X"), 9.3, 0.001);
  EXPECT_NEAR(score("/MVC:N/MVI:N/MVA:N"), 0.0, 0.001);
  EXPECT_NEAR(score("/MSI:S/MSA:S/MSC:H"), 10.0, 0.001);
  EXPECT_NEAR(score("/S:P/AU:Y/R:I/V:C/RE:H/U:Red"), 9.3, 0.001);  // supplemental
  EXPECT_FALSE(cvss_score(base + "/E:Z"));
  EXPECT_FALSE(cvss_score(base + "/MAV:N/MAV:L"));
  EXPECT_FALSE(cvss_score(base + "/MSC:S"));
}

TEST(Cvss, a_broken_vector_has_no_score) {
  for (const char* vector :
       {"", "CVSS:", "CVSS:3.1", "CVSS:3.1/", "CVSS:5.0/AV:N", "high", "AV:N/AC:L/Au:N/C:N/I:N",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:NN/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N", "(((", "()"}) {
    EXPECT_FALSE(cvss_score(vector)) << vector;
  }
  EXPECT_FALSE(cvss_score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/" + std::string(1000, 'x')));
}

TEST(Cvss, ratings_follow_the_version) {
  EXPECT_EQ(severity_of_score(9.8, "CVSS:3.1/AV:N"), Severity::critical);
  EXPECT_EQ(severity_of_score(9.8, "AV:N/AC:L/Au:N/C:C/I:C/A:C"), Severity::high);
  EXPECT_EQ(severity_of_score(8.9, "CVSS:4.0/AV:N"), Severity::high);
  EXPECT_EQ(severity_of_score(4.0, "CVSS:3.0/AV:N"), Severity::medium);
  EXPECT_EQ(severity_of_score(3.9, "CVSS:3.0/AV:N"), Severity::low);
  EXPECT_EQ(severity_of_score(0.0, "CVSS:3.0/AV:N"), Severity::negligible);
  EXPECT_EQ(severity_of_score(0.0, "AV:N"), Severity::low);
}

}  // namespace
}  // namespace peekr
