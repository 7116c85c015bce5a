// SPDX-License-Identifier: Apache-2.0
#include "policy/expression.h"

#include <gtest/gtest.h>

#include "policy/glob.h"

namespace peekr {
namespace {

constexpr std::string_view kToday = "2026-11-23";

// CVE-2021-44228 in log4j-core, as its records have it.
Finding log4shell() {
  Finding finding{.id = "CVE-2021-44228",
                  .names = {"GHSA-jfh8-c2jp-5v3q"},
                  .severity = Severity::critical,
                  .cvss = 10.0,
                  .fixed_in = "2.15.0",
                  .published = "2021-12-10T00:40:56Z",
                  .fix_published = "2026-11-03T00:00:00Z"};
  finding.risks = {{.source = "EPSS", .epss = Epss{.score = 0.94, .percentile = 0.999}},
                   {.source = "CISA KEV", .kev = Kev{.added = "2021-12-10", .ransomware = true}}};
  return finding;
}

Package log4j() {
  Package package{.type = "maven", .name = "org.apache.logging.log4j:log4j-core", .version = "2.14.1"};
  package.source = package.name;
  package.path = Path("app/lib/log4j-core-2.14.1.jar");
  package.purl = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";
  return package;
}

bool holds(std::string_view text, const Finding& finding, const Package& package = log4j()) {
  const Result<Expression> parsed = Expression::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().message);
  return parsed && parsed->holds({.finding = finding, .package = package, .base = false, .today = kToday});
}

std::string error_of(std::string_view text) {
  const Result<Expression> parsed = Expression::parse(text);
  return parsed ? "none" : parsed.error().message;
}

TEST(Expression, the_conditions_of_the_documentation) {
  const Finding finding = log4shell();
  EXPECT_TRUE(holds("kev || (epss >= 0.1 && fixable) || (severity >= high && fix_age > 14d)", finding));
  EXPECT_TRUE(holds("high", finding));
  EXPECT_TRUE(holds("CRITICAL", finding));
  EXPECT_TRUE(holds("high,kev", {.severity = Severity::high}));
  EXPECT_FALSE(holds("high,kev", {.severity = Severity::medium}));
  EXPECT_TRUE(holds("epss > 50% and percentile > 0.99", finding));
  EXPECT_TRUE(holds("fix_age == 20d", finding));
  EXPECT_FALSE(holds("fix_age > 3w", finding));
  EXPECT_TRUE(holds("age > 4y", finding));
  EXPECT_TRUE(holds("id == 'GHSA-jfh8-c2jp-5v3q' && package ~ \"*log4j*\" && type == maven", finding));
  EXPECT_TRUE(holds("path ~ 'app/*.jar' && status == fixed && not base", finding));
  EXPECT_FALSE(holds("id != CVE-2021-44228", finding));
}

TEST(Expression, a_package_without_a_source_has_not_the_empty_name) {
  const Package npm{.type = "npm", .name = "lodash", .version = "4.17.4"};
  EXPECT_FALSE(holds("package == ''", log4shell(), npm));
  EXPECT_TRUE(holds("package != ''", log4shell(), npm));
}

TEST(Expression, negation_binds_before_and_and_and_before_or) {
  const Finding plain{.severity = Severity::low, .fixed_in = "1"};
  EXPECT_TRUE(holds("fixable || kev && kev", plain));
  EXPECT_FALSE(holds("(fixable || kev) && kev", plain));
  EXPECT_TRUE(holds("!kev && fixable", plain));
  EXPECT_FALSE(holds("!(!kev && fixable)", plain));
  EXPECT_TRUE(holds("!!((fixable))", plain));
}

TEST(Expression, what_is_not_known_holds_no_comparison) {
  const Finding blank;
  for (const std::string_view text : {"epss < 0.5", "epss >= 0", "cvss < 5", "age > 1d", "fix_age < 1d"})
    EXPECT_FALSE(holds(text, blank)) << text;
}

TEST(Expression, an_unrated_finding_counts_as_low_where_severities_are_ordered) {
  const Finding blank;
  EXPECT_TRUE(holds("low", blank));
  EXPECT_FALSE(holds("medium", blank));
  EXPECT_TRUE(holds("severity == unknown", blank));
  EXPECT_FALSE(holds("severity == low", blank));
}

TEST(Expression, errors_name_the_character_and_what_is_wanted) {
  EXPECT_EQ(error_of("epss > 10"), "character 8: want a number from 0 to 1, found 10");
  EXPECT_EQ(error_of("severity >= hi"),
            "character 13: want unknown, negligible, low, medium, high or critical, found hi");
  EXPECT_EQ(error_of("fix_age > 14"),
            "character 11: want a number of days (14d), weeks (2w) or years (1y), found 14");
  EXPECT_EQ(error_of("kev &&"), "character 7: want a condition, found the end");
  EXPECT_EQ(error_of("kev fixable"), "character 5: want && or ||, found fixable");
  EXPECT_EQ(error_of("(kev"), "character 5: a parenthesis is not closed");
  EXPECT_EQ(error_of("kev)"), "character 4: a parenthesis closes that none has opened");
  EXPECT_EQ(error_of("package > a"), "character 9: package wants ==, != or ~");
  EXPECT_EQ(error_of("epss ~ 1"), "character 6: epss is no text, which ~ wants");
  EXPECT_EQ(error_of("id == 'a"), "character 7: the quote is not closed");
  EXPECT_TRUE(error_of("pev").starts_with(
      "character 1: there is no pev: want a severity, or one of kev, ransomware"));
  EXPECT_EQ(
      error_of("unknown"),
      "character 1: what nobody has rated counts as low: want low, or severity == unknown for that alone");
  EXPECT_EQ(error_of(""), "character 1: want a condition, found the end");
  EXPECT_EQ(error_of("kev == true"), "character 5: kev is true or not, and stands alone: kev, or !kev");
  EXPECT_EQ(error_of("risk > 50%"), "character 8: want a number from 0 to 100, found 50%");
  EXPECT_EQ(error_of("cvss >= 70%"), "character 9: want a number from 0 to 10, found 70%");
}

TEST(Expression, a_word_that_no_finding_can_have_is_an_error) {
  const std::string statuses = "want fixed, affected, wont_fix, deferred, end_of_life or under_investigation";
  EXPECT_EQ(error_of("status == wont_fixx"), "character 11: " + statuses + ", found wont_fixx");
  EXPECT_EQ(error_of("kev || status != not_affected"), "character 18: " + statuses + ", found not_affected");
  EXPECT_EQ(error_of("status ~ 'x*'"), "character 10: " + statuses + ", found x*");
  EXPECT_EQ(error_of("confidence == sure"),
            "character 15: want confirmed, vendor_unfixed, potential or not_assessed, found sure");
}

TEST(Expression, words_types_and_ids_are_the_same_in_any_case_and_paths_with_a_slash_in_front) {
  const Finding kept{.standing = Standing::wont_fix, .confidence = Confidence::vendor_unfixed};
  for (const std::string_view text : {"status == will_not_fix", "status == WONT_FIX", "status ~ 'wont*'",
                                      "status != deferred", "confidence == Vendor_Unfixed"})
    EXPECT_TRUE(holds(text, kept)) << text;
  const Finding finding = log4shell();
  for (const std::string_view text :
       {"id == cve-2021-44228", "id == 'ghsa-JFH8-c2jp-5v3q'", "id ~ 'cve-2021-*'", "type == Maven",
        "path == '/app/lib/log4j-core-2.14.1.jar'", "path ~ '/app/*'"})
    EXPECT_TRUE(holds(text, finding)) << text;
  EXPECT_FALSE(holds("id != cve-2021-44228", finding));
}

TEST(Expression, a_package_is_meant_however_its_name_is_spelled) {
  for (const std::string name : {"Typing_Extensions", "typing-extensions"}) {
    const Package package{.type = "pypi", .name = name};
    for (const std::string_view text : {"package == 'Typing.Extensions'", "package == 'typing-extensions'",
                                        "package ~ 'Typing_*'", "package ~ 'typing-*'"})
      EXPECT_TRUE(holds(text, log4shell(), package)) << text << " " << name;
    EXPECT_FALSE(holds("package != typing_extensions", log4shell(), package)) << name;
  }
  const Package npms{.type = "npm", .name = "jsonstream"};
  for (const std::string_view text : {"package == 'JSONStream'", "package ~ 'JSON*'"})
    EXPECT_FALSE(holds(text, log4shell(), npms)) << text;
}

TEST(Expression, length_is_bounded_and_depth_costs_no_recursion) {
  EXPECT_EQ(error_of(std::string(5000, '(')), "longer than 4096 characters");
  EXPECT_EQ(error_of(std::string(1000, '!') + "kev"), "character 513: more than 512 words and signs");
  const std::string deep = std::string(250, '(') + "kev" + std::string(250, ')');
  EXPECT_FALSE(holds(deep, {}));
}

TEST(Glob, stars_take_anything_and_only_the_last_is_tried_again) {
  EXPECT_TRUE(glob_matches("usr/**/lib*.so", "usr/lib/x/libssl.so"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("a?c", "abc"));
  EXPECT_FALSE(glob_matches("a?c", "ac"));
  EXPECT_FALSE(glob_matches("abc", "abcd"));
  EXPECT_FALSE(glob_matches(std::string(200, '*') + "b", std::string(10'000, 'a')));
}

}  // namespace
}  // namespace peekr
