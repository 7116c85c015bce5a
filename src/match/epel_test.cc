// SPDX-License-Identifier: Apache-2.0
// Fedora's packages for Enterprise Linux: whose updates judge them (docs/matching.md).
#include <gtest/gtest.h>

#include <utility>

#include "match/test_rules.h"

namespace peekr {
namespace {

Package of_epel(std::string name, std::string version) {
  return {.type = "rpm",
          .name = name,
          .version = std::move(version),
          .epoch = 0,
          .arch = "x86_64",
          .source = name,
          .vendor = "Fedora Project"};
}

Advisory update_of_epel(std::string id, std::string ecosystem, std::string name, std::string fix) {
  Affected one = affected(std::move(ecosystem), std::move(name), std::move(fix));
  one.key = KeyKind::binary;
  return record(std::move(id), "Fedora", {std::move(one)});
}

TEST(Epel, what_fedora_has_built_for_enterprise_linux_is_judged_by_epel_alone) {
  const Advisory epel = update_of_epel("FEDORA-EPEL-2024-1", "EPEL:9", "chromium", "0:120-2.el9");
  for (const auto& [id, ecosystem] :
       {std::pair("almalinux", "AlmaLinux:9"), std::pair("rocky", "Rocky Linux:9"),
        std::pair("ol", "Oracle Linux:9"), std::pair("rhel", "Red Hat:enterprise_linux:9::appstream"),
        std::pair("centos", "Red Hat:enterprise_linux:9::appstream")}) {
    // A record of the distribution that would find it affected whatever it has.
    const Advisory own = record("RHSA-2024:1", "Red Hat", {affected(ecosystem, "chromium", "999-1.el9")});
    const Distro distro{.id = id, .version_id = "9.4"};
    const TemporaryDb both({own, epel});
    const Findings old = both.match(on(distro, {of_epel("chromium", "120-1.el9")}));
    ASSERT_EQ(old.list.size(), 1U) << id;
    EXPECT_EQ(old.list[0].fixed_in, "0:120-2.el9") << id;
    EXPECT_EQ(old.list[0].proofs.at(0).ecosystem, "EPEL:9");
    EXPECT_TRUE(both.match(on(distro, {of_epel("chromium", "120-2.el9")})).list.empty()) << id;
    Package theirs = of_epel("chromium", "120-2.el9");
    theirs.vendor = "";
    EXPECT_EQ(both.match(on(distro, {theirs})).list.at(0).fixed_in, "999-1.el9") << id;
    const Findings without = TemporaryDb({own}).match(on(distro, {of_epel("chromium", "120-1.el9")}));
    EXPECT_TRUE(without.list.empty()) << id;
    EXPECT_EQ(without.judged, 0U);
    ASSERT_EQ(without.notes.size(), 1U) << id;
    EXPECT_EQ(without.notes[0].what,
              "EPEL 9: the database has no advisories for EPEL:9 (1 rpm package not judged)");
  }
}

// Of a document that does not say who has made what.
TEST(Epel, what_only_epel_has_and_may_be_its_own_is_told) {
  const TemporaryDb db(
      {record("ALSA-2024:1", "AlmaLinux",
              {affected("AlmaLinux:9", "curl", "999-1.el9"), affected("AlmaLinux:10", "curl", "8-1.el10")}),
       update_of_epel("FEDORA-EPEL-2024-1", "EPEL:9", "chromium", "0:120-2.el9"),
       update_of_epel("FEDORA-EPEL-2024-2", "EPEL:9", "curl", "0:9-1.el9"),
       update_of_epel("FEDORA-EPEL-2024-3", "EPEL:10", "chromium", "0:120-2.el10_0")});
  const auto told = [&](const Distro& distro, Package package) {
    const Findings findings = db.match({.distro = distro, .packages = {std::move(package)}});
    std::string all = findings.list.empty() ? "" : "found ";
    for (const Note& one : findings.notes) all += one.what;
    return all;
  };
  const Distro nine{.id = "almalinux", .version_id = "9.4"};
  Package chromium = of_epel("chromium", "120-1.el9");
  EXPECT_EQ(told(nine, chromium), "found ");
  chromium.vendor = "";
  EXPECT_EQ(
      told(nine, chromium),
      "1 rpm package may be EPEL's (chromium): the distribution's records do not have the name, EPEL 9's "
      "do: not judged by those: want the vendor Fedora Project, or distro=epel-9, where it is");
  EXPECT_EQ(told({.id = "epel", .version_id = "9"}, chromium), "found ");
  Package other = chromium;
  other.name = other.source = "htop";
  EXPECT_EQ(told(nine, other), "") << "nobody knows it";
  other = chromium;
  other.name = other.source = "curl";
  EXPECT_EQ(told(nine, other), "found ") << "the distribution knows it";
  other = chromium;
  other.version = "120-1";
  EXPECT_EQ(told(nine, other), "") << "not built for it";
  other = chromium;
  other.vendor = "AlmaLinux";
  EXPECT_EQ(told(nine, other), "");
  EXPECT_EQ(told({.id = "almalinux", .version_id = "9.4", .path = Path("etc/os-release")}, chromium), "")
      << "somebody's own build";
  // AlmaLinux builds EPEL 10 for processors that EPEL does not.
  chromium.version = "120-1.el10_0";
  chromium.vendor = "AlmaLinux";
  const Distro ten{.id = "almalinux", .version_id = "10.0", .path = Path("etc/os-release")};
  EXPECT_EQ(told(ten, chromium), "");
  chromium.arch = "x86_64_v2";
  EXPECT_TRUE(told(ten, chromium).starts_with("1 rpm package may be EPEL's (chromium)"));
}

TEST(Epel, of_epel_next_there_are_epel_s_updates_only) {
  const TemporaryDb db({update_of_epel("FEDORA-EPEL-2024-1", "EPEL:9", "bfs", "0:1.0-3.el9")});
  const Findings found =
      db.match(on({.id = "centos", .version_id = "9"}, {of_epel("bfs", "1.0-2.el9.next")}));
  EXPECT_EQ(found.list.size(), 1U);
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_EQ(found.notes[0].what, "bfs 0:1.0-2.el9.next: from EPEL Next, of whose updates no feed speaks");
}

TEST(Epel, a_package_of_fedora_on_fedora_is_its_own) {
  const TemporaryDb db({record("FEDORA-2024-1", "Fedora", {affected("Fedora:40", "curl", "8.6-2.fc40")})});
  EXPECT_EQ(db.match(on({.id = "fedora", .version_id = "40"}, {of_epel("curl", "8.6-1.fc40")})).list.size(),
            1U);
}

TEST(Epel, of_epel_10_the_fix_of_the_installed_minor_release_counts) {
  Advisory leading = update_of_epel("FEDORA-EPEL-2025-1", "EPEL:10", "bfs", "0:4.0.7-1.el10_1");
  const Advisory trailing = update_of_epel("FEDORA-EPEL-2025-2", "EPEL:10", "bfs", "0:4.0.7-1.el10_0");
  const auto found = [](const std::vector<Advisory>& records, std::string version) {
    return TemporaryDb(records)
        .match(on({.id = "almalinux", .version_id = "10.0"}, {of_epel("bfs", std::move(version))}))
        .list;
  };
  EXPECT_TRUE(found({leading, trailing}, "4.0.7-1.el10_0").empty());
  EXPECT_EQ(found({leading}, "4.0.7-1.el10_0").size(), 1U);
  EXPECT_EQ(found({leading, trailing}, "4.0.6-1.el10_0").at(0).fixed_in, "0:4.0.7-1.el10_0");
  EXPECT_EQ(found({leading, trailing}, "4.0.6-1.el10_1").at(0).fixed_in, "0:4.0.7-1.el10_1");
  EXPECT_EQ(found({leading}, "4.0.6-1.el10_0").at(0).fixed_in, "0:4.0.7-1.el10_1");
  const Advisory again = update_of_epel("FEDORA-EPEL-2025-3", "EPEL:10", "bfs", "0:4.0.7-2.el10_0");
  EXPECT_EQ(found({leading, trailing, again}, "4.0.7-1.el10_0").at(0).fixed_in, "0:4.0.7-2.el10_0");
}

// ".1" behind the distribution is a bump of that build: EPEL 9 has no minor releases.
TEST(Epel, of_epel_9_a_fix_that_was_mended_again_does_not_count) {
  const TemporaryDb db({update_of_epel("FEDORA-EPEL-2025-1", "EPEL:9", "bfs", "0:1.0-2.el9.1"),
                        update_of_epel("FEDORA-EPEL-2025-2", "EPEL:9", "bfs", "0:1.0-3.el9")});
  const auto found = [&](std::string version) {
    return db.match(on({.id = "rhel", .version_id = "9.4"}, {of_epel("bfs", std::move(version))})).list;
  };
  EXPECT_EQ(found("1.0-2.el9.1").at(0).fixed_in, "0:1.0-3.el9");
  EXPECT_TRUE(found("1.0-3.el9").empty());
}

TEST(Epel, what_fedora_has_built_is_of_epel_7_on_amazon_linux_2) {
  const TemporaryDb db({update_of_epel("FEDORA-EPEL-2024-1", "EPEL:7", "chromium", "0:120-2.el7"),
                        record("ALAS-2024-1", "Amazon", {affected("Amazon Linux:2", "chromium", "1")})});
  const Findings found = db.match(on({.id = "amzn", .version_id = "2"}, {of_epel("chromium", "120-1.el7")}));
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(found.list[0].proofs.at(0).ecosystem, "EPEL:7");
}

}  // namespace
}  // namespace peekr
