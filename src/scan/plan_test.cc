// SPDX-License-Identifier: Apache-2.0
// To which version a package goes that has findings in each that fixes one.
#include "scan/plan.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "match/temporary_db.h"

namespace peekr {
namespace {

Advisory record(const std::string& id, std::vector<Event> events) {
  Affected affected{.ecosystem = "npm", .package = "x"};
  affected.ranges.push_back({.type = "SEMVER", .events = std::move(events)});
  return {.id = id, .affected = {std::move(affected)}};
}
constexpr auto kIntroduced = Event::Kind::introduced, kFixed = Event::Kind::fixed,
               kLast = Event::Kind::last_affected;

// "1.0.0 -> 2.0.1: what comes with it" of x 1.0.0, with the first one fixed in 1.1.0, where the second comes. `ignored`: by a rule.
std::string way_of(std::vector<Advisory> more, const std::string& ignored = "") {
  more.push_back(record("CVE-1", {{kIntroduced, "0"}, {kFixed, "1.1.0"}}));
  const TemporaryDb made(more);
  const Result<Db> db = made.open();
  Report report{.inventory = {.packages = {{.type = "npm",
                                            .name = "x",
                                            .version = "1.0.0",
                                            .path = Path("srv/node_modules/x/package.json"),
                                            .asked = true}}}};
  report.findings = made.match(report.inventory);
  for (const Finding& one : report.findings.list) {
    if (one.id == ignored)
      report.findings.suppressed.push_back({.rule = Suppressed::Rule::exception, .finding = one});
  }
  std::erase_if(report.findings.list, [&](const Finding& one) { return one.id == ignored; });
  const Result<Remediation> plan = plan_for(report, *db, nullptr);
  if (!plan || plan->actions.size() != 1) return "no plan";
  const Remediation::Step& step = plan->actions[0].steps.at(0);
  std::string text = step.from + " -> " + step.to;
  for (const std::string& one : plan->brings) text += "; brings " + one;
  for (const std::string& one : plan->staying) text += "; stays " + one;
  return text;
}

TEST(Plan,
     where_each_fix_has_a_finding_of_its_own_it_goes_to_what_some_record_calls_fixed_and_none_affected) {
  const Advisory second = record("CVE-2", {{kIntroduced, "1.1.0"}, {kLast, "1.9.9"}}),
                 third = record("CVE-3", {{kIntroduced, "2.0.0"}, {kFixed, "2.0.1"}}),
                 fourth = record("CVE-4", {{kIntroduced, "2.0.0"}, {kFixed, "2.2.0"}}),
                 all = record("CVE-5", {{kIntroduced, "2.0.0"}}), now = record("CVE-6", {{kIntroduced, "0"}});
  EXPECT_EQ(way_of({}), "1.0.0 -> 1.1.0");
  EXPECT_EQ(way_of({second, third}), "1.0.0 -> 2.0.1");
  EXPECT_EQ(way_of({second, third, fourth}), "1.0.0 -> 2.2.0");
  EXPECT_EQ(way_of({second, third, now}), "1.0.0 -> 2.0.1")
      << "what is there now, and has no fix, is no reason to stay";
  const std::string none = "1.0.0 -> 1.1.0; brings npm x 1.0.0: no version was found that has none: CVE-2";
  EXPECT_EQ(way_of({second}), none);
  EXPECT_EQ(way_of({second, third, all}), none);
}

TEST(Plan, what_a_rule_takes_out_sends_no_package_further_up) {
  const Advisory far = record("CVE-2", {{kIntroduced, "0"}, {kFixed, "2.0.0"}}),
                 never = record("CVE-3", {{kIntroduced, "0"}}),
                 second = record("CVE-4", {{kIntroduced, "1.1.0"}, {kLast, "1.9.9"}}),
                 third = record("CVE-5", {{kIntroduced, "2.0.0"}, {kFixed, "2.0.1"}}),
                 later = record("CVE-6", {{kIntroduced, "0"}, {kFixed, "3.0.0"}});
  EXPECT_EQ(way_of({far}), "1.0.0 -> 2.0.0");
  EXPECT_EQ(way_of({far}, "CVE-2"), "1.0.0 -> 1.1.0");
  EXPECT_EQ(way_of({never}, "CVE-3"), "1.0.0 -> 1.1.0");
  EXPECT_EQ(way_of({second, third, later}, "CVE-6"), "1.0.0 -> 2.0.1");
}

// As an SBOM has them whose package URLs name no source, or no version of it.
TEST(Plan, a_package_of_which_no_version_of_the_source_is_known_goes_to_the_fix) {
  Affected affected{.ecosystem = "Debian:12", .package = "openssl"};
  affected.ranges.push_back(
      {.type = "ECOSYSTEM", .events = {{kIntroduced, "0"}, {kFixed, "3.0.15-1~deb12u1"}}});
  const TemporaryDb made({{.id = "CVE-1", .affected = {std::move(affected)}}});
  const Result<Db> db = made.open();
  for (const std::string source : {"", "openssl"}) {
    Report report{
        .inventory = {
            .distro = Distro{.id = "debian", .version_id = "12"},
            .packages = {{.type = "deb", .name = "openssl", .version = "3.0.11-1", .source = source}}}};
    report.findings = made.match(report.inventory);
    const Result<Remediation> plan = plan_for(report, *db, nullptr);
    ASSERT_TRUE(plan && plan->actions.size() == 1) << source;
    EXPECT_EQ(plan->actions[0].steps.at(0).removes, std::vector<std::string>{"CVE-1"}) << source;
  }
}

// One after the other, more than are tried.
TEST(Plan, a_long_row_of_holes_is_left_at_once) {
  std::vector<Advisory> row;
  for (int i = 1; i < 30; ++i)
    row.push_back(record("CVE-1" + std::to_string(i), {{kIntroduced, "1." + std::to_string(i) + ".0"},
                                                       {kFixed, "1." + std::to_string(i + 1) + ".0"}}));
  EXPECT_EQ(way_of(row), "1.0.0 -> 1.30.0");
}

}  // namespace
}  // namespace peekr
