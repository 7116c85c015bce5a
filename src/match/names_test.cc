// SPDX-License-Identifier: Apache-2.0
// Which records speak of one vulnerability, by the names that they have.
#include "match/names.h"

#include <gtest/gtest.h>

#include "match/temporary_db.h"

namespace peekr {
namespace {

using Names = std::vector<std::string>;

// What one package of PyPI has after records of a database that says more about the names.
Names found_in(const std::vector<Advisory>& advisories) {
  Inventory inventory;
  inventory.packages.push_back({.type = "pypi", .name = "demo", .version = "1.0"});
  Names rows;
  for (const Finding& one : TemporaryDb(advisories).match(inventory).list) {
    std::string row = one.id + ":";
    for (const std::string& name : one.names) row += " " + name;
    rows.push_back(std::move(row));
  }
  return rows;
}

Advisory about(std::string id, std::string ecosystem, std::string package) {
  return {.id = std::move(id),
          .publisher = "test",
          .modified = "2024-01-01T00:00:00Z",
          .affected = {affected(std::move(ecosystem), std::move(package), "2.0")}};
}

TEST(Match, two_records_are_one_finding_where_a_record_about_another_package_says_so) {
  const Advisory github = about("GHSA-a", "PyPI", "demo");
  Advisory pypa = about("PYSEC-b", "PyPI", "demo"), third = about("GO-d", "Go", "example.org/demo");
  pypa.aliases = {"CVE-2024-1000"};
  third.aliases = {"GHSA-a", "CVE-2024-1000"};
  EXPECT_EQ(found_in({github, pypa}), (Names{"CVE-2024-1000: PYSEC-b", "GHSA-a:"}));
  EXPECT_EQ(found_in({github, pypa, third}), (Names{"CVE-2024-1000: GHSA-a GO-d PYSEC-b"}));
  third.withdrawn = "2024-02-01T00:00:00Z";
  EXPECT_EQ(found_in({github, pypa, third}), (Names{"CVE-2024-1000: PYSEC-b", "GHSA-a:"}));
}

TEST(Match, what_is_only_informational_is_no_finding_and_is_not_lost) {
  Advisory unmaintained = about("RUSTSEC-1", "PyPI", "demo"), hole = about("RUSTSEC-2", "PyPI", "demo");
  unmaintained.kind = Advisory::Kind::informational;
  const Inventory inventory{.packages = {{.type = "pypi", .name = "demo", .version = "1.0"}}};
  const Findings findings = TemporaryDb({unmaintained, hole}).match(inventory);
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].id, "RUSTSEC-2");
  ASSERT_EQ(findings.suppressed.size(), 1U);
  EXPECT_EQ(findings.suppressed[0].reason, "informational, no hole in a version: RUSTSEC-1");
  unmaintained.aliases = {"RUSTSEC-2"};  // of one vulnerability, one record says that it is one
  EXPECT_EQ(TemporaryDb({unmaintained, hole}).match(inventory).list.size(), 1U);
}

TEST(Match, names_are_joined_over_any_number_of_records) {
  const Advisory github = about("GHSA-a", "PyPI", "demo");
  Advisory copy = about("ECHO-1", "PyPI", "demo");
  copy.upstream = {"MINI-2"};
  Advisory mini = about("MINI-2", "MinimOS", "py3-demo"), go = about("GO-3", "Go", "example.org/demo"),
           rust = about("RUSTSEC-4", "crates.io", "demo");
  mini.upstream = {"CVE-2024-1000"};
  go.aliases = {"CVE-2024-1000", "OSV-5"};
  rust.aliases = {"OSV-5", "GHSA-a"};
  EXPECT_EQ(found_in({github, copy, mini, go, rust}),
            (Names{"CVE-2024-1000: ECHO-1 GHSA-a GO-3 MINI-2 OSV-5 RUSTSEC-4"}));
  EXPECT_EQ(found_in({github, copy, mini, go}).size(), 2U);
}

TEST(Match, what_is_related_or_upstream_of_several_or_of_two_cves_joins_nothing) {
  const Advisory github = about("GHSA-a", "PyPI", "demo");
  Advisory pypa = about("PYSEC-b", "PyPI", "demo"), third = about("GO-d", "Go", "example.org/demo");
  pypa.aliases = {"CVE-2024-1000"};
  const Names apart = {"CVE-2024-1000: PYSEC-b", "GHSA-a:"};
  third.related = {"GHSA-a", "CVE-2024-1000"};
  EXPECT_EQ(found_in({github, pypa, third}), apart);
  third.related.clear();
  third.upstream = {"GHSA-a", "CVE-2024-1000"};
  EXPECT_EQ(found_in({github, pypa, third}), apart);
  third.upstream.clear();
  third.aliases = {"GHSA-a", "CVE-2024-1000", "CVE-2024-1001"};
  EXPECT_EQ(found_in({github, pypa, third}), apart);
  third.id = "USN-1-1";
  third.aliases = {"GHSA-a", "CVE-2024-1000"};
  EXPECT_EQ(found_in({github, pypa, third}), apart);
}

// What were quadratic would be 10^10 steps, and as many texts.
TEST(Match, a_record_of_very_many_names_costs_what_it_is_long) {
  const Names none, two = {"CVE-2024-1000", "CVE-2024-1001"};  // two CVEs are not joined from afar
  for (const auto& [many, cves] : {std::pair(100'000, none), std::pair(10'000, two)}) {
    Advisory one = about("OSV-1", "PyPI", "demo");
    for (int i = 0; i < many; ++i) one.aliases.push_back("X-" + std::to_string(i));
    one.aliases.insert(one.aliases.end(), cves.begin(), cves.end());
    const Inventory inventory = on({.id = "debian"}, {{.type = "pypi", .name = "demo", .version = "1.0"}});
    const TemporaryDb db({one});
    const Findings findings = db.match(inventory);
    ASSERT_EQ(findings.list.size(), 1U);
    EXPECT_EQ(findings.list[0].names.size(), one.aliases.size());
    EXPECT_EQ(db.explained(inventory, "X-7").size(), 1U);
  }
}

}  // namespace
}  // namespace peekr
