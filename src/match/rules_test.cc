// SPDX-License-Identifier: Apache-2.0
// The rules of docs/matching.md about who decides, against real databases.
#include <gtest/gtest.h>

#include <utility>

#include "match/temporary_db.h"

namespace peekr {
namespace {

using Names = std::vector<std::string>;

Advisory record(std::string id, std::string publisher, std::vector<Affected> affected) {
  Advisory one{.id = std::move(id), .publisher = std::move(publisher)};
  one.upstream = {"CVE-2024-10001"};
  one.modified = "2024-01-01T00:00:00Z";
  one.affected = std::move(affected);
  return one;
}

Package deb(std::string name, std::string version) {
  return {.type = "deb", .name = name, .version = version, .source = name, .source_version = version};
}

const Distro kBionic{.id = "ubuntu", .version_id = "18.04", .name = "Ubuntu 18.04.6 LTS"};

TEST(Rules, a_fix_that_only_ubuntu_pro_has_is_shown_as_such) {
  const TemporaryDb db({record("UBUNTU-CVE-2024-10001", "Ubuntu",
                               {affected("Ubuntu:18.04:LTS", "other", "2"),
                                affected("Ubuntu:Pro:18.04:LTS", "curl", "7.58.0-2ubuntu3.24+esm5")})});
  const Findings findings = db.match(on(kBionic, {deb("curl", "7.58.0-2ubuntu3.24")}));
  ASSERT_EQ(findings.list.size(), 1U);
  const Finding& one = findings.list[0];
  EXPECT_EQ(one.fixed_in, "");
  EXPECT_EQ(one.standing, Standing::wont_fix);
  EXPECT_EQ(one.confidence, Confidence::vendor_unfixed);
  EXPECT_EQ(one.confidence_by, "fixed only for those who have Ubuntu Pro");
  ASSERT_EQ(one.extended_fixes.size(), 1U);
  EXPECT_EQ(one.extended_fixes[0].version, "7.58.0-2ubuntu3.24+esm5");
  // Who has subscribed gets it.
  const Findings pro = db.match(on(kBionic, {deb("curl", "7.58.0-2ubuntu3.24+esm4")}));
  EXPECT_EQ(pro.list.at(0).fixed_in, "7.58.0-2ubuntu3.24+esm5");
  EXPECT_TRUE(db.match(on(kBionic, {deb("curl", "7.58.0-2ubuntu3.24+esm5")})).list.empty());
}

TEST(Rules, ubuntu_pro_is_not_heard_where_the_archive_has_the_fix) {
  const TemporaryDb db({record("UBUNTU-CVE-2024-10001", "Ubuntu",
                               {affected("Ubuntu:18.04:LTS", "curl", "7.58.0-2ubuntu3.24"),
                                affected("Ubuntu:Pro:18.04:LTS", "curl", "7.58.0-2ubuntu3.24+esm5")})});
  EXPECT_TRUE(db.match(on(kBionic, {deb("curl", "7.58.0-2ubuntu3.24")})).list.empty());
  const Findings old = db.match(on(kBionic, {deb("curl", "7.58.0-2ubuntu3.1")}));
  EXPECT_EQ(old.list.at(0).fixed_in, "7.58.0-2ubuntu3.24");
}

TEST(Rules, a_fips_build_is_judged_by_fips_alone) {
  const Package fips = deb("openssl", "1.1.1-1ubuntu2.fips.2.1~18.04.23");
  const Advisory base =
      record("UBUNTU-CVE-2024-10001", "Ubuntu",
             {affected("Ubuntu:18.04:LTS", "openssl", "1.1.1-1ubuntu2.1~18.04.24"),
              affected("Ubuntu:Pro:FIPS-updates:18.04:LTS", "openssl", "1.1.1-1ubuntu2.fips.2.1~18.04.24")});
  const Findings findings = TemporaryDb({base}).match(on(kBionic, {fips}));
  EXPECT_EQ(findings.list.at(0).fixed_in, "1.1.1-1ubuntu2.fips.2.1~18.04.24");
  const Advisory preview = record("UBUNTU-CVE-2024-10001", "Ubuntu",
                                  {base.affected[0], affected("Ubuntu:Pro:FIPS-preview:18.04:LTS", "openssl",
                                                              "1.1.1-1ubuntu2.fips.2.1~18.04.25")});
  EXPECT_EQ(TemporaryDb({preview}).match(on(kBionic, {fips})).list.at(0).fixed_in,
            "1.1.1-1ubuntu2.fips.2.1~18.04.25");
  const Advisory without = record("UBUNTU-CVE-2024-10001", "Ubuntu", {base.affected[0]});
  EXPECT_EQ(TemporaryDb({without}).match(on(kBionic, {fips})).notes.at(0).what,
            "openssl 1.1.1-1ubuntu2.fips.2.1~18.04.23: a FIPS build, of which the database knows nothing");
}

TEST(Rules, a_backport_is_judged_by_the_release_it_comes_from) {
  const Advisory sid =
      record("DEBIAN-CVE-2024-10001", "Debian",
             {affected("Debian:12", "curl", "7.88.1-10+deb12u5"), affected("Debian:13", "curl", "8.5.0-2")});
  const Distro bookworm{.id = "debian", .version_id = "12"};
  const TemporaryDb db({sid});
  EXPECT_EQ(db.match(on(bookworm, {deb("curl", "8.5.0-1~bpo12+1")})).list.at(0).fixed_in, "8.5.0-2");
  EXPECT_TRUE(db.match(on(bookworm, {deb("curl", "8.5.0-2~bpo12+1")})).list.empty());
}

TEST(Rules, the_kernel_is_found_under_its_source_s_name_and_its_headers_are_suppressed) {
  const TemporaryDb db(
      {record("DEBIAN-CVE-2024-10001", "Debian", {affected("Debian:12", "linux", "6.1.76-1")})});
  Package image = deb("linux-image-6.1.0-13-amd64", "6.1.55-1");
  image.source = "linux-signed-amd64";
  image.source_version = "6.1.55+1";
  Package headers = deb("linux-libc-dev", "6.1.55-1");
  headers.source = "linux";
  const Findings findings = db.match(on({.id = "debian", .version_id = "12"}, {image, headers}));
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].package, 0U);
  ASSERT_EQ(findings.suppressed.size(), 1U);
  EXPECT_EQ(findings.suppressed[0].rule, Suppressed::Rule::host_kernel);
  EXPECT_EQ(findings.suppressed[0].reason,
            "built from the source of linux, but no kernel: the host's kernel runs");
}

TEST(Rules, what_alpine_takes_from_a_tagged_repository_is_judged_by_its_branch) {
  const TemporaryDb db(
      {record("ALPINE-CVE-2024-10001", "OSV",
              {affected("Alpine:v3.18", "curl", "8.1.0-r0"), affected("Alpine:edge", "curl", "8.11.0-r1")})});
  Package curl{.type = "apk", .name = "curl", .version = "8.11.0-r0", .source = "curl", .repository = "edge"};
  Inventory inventory = on({.id = "alpine", .version_id = "3.18.4"}, {curl});
  inventory.repositories = {"@edge edge/main", "v3.18/main"};
  EXPECT_EQ(db.match(inventory).list.at(0).fixed_in, "8.11.0-r1");
  inventory.packages[0].repository.clear();
  EXPECT_TRUE(db.match(inventory).list.empty());
  inventory.packages[0].repository = "local";
  EXPECT_EQ(db.match(inventory).notes.at(0).what,
            "curl 8.11.0-r0: from a repository with the tag @local, which is not listed");
}

Inventory rhel92(std::vector<std::string> content_sets) {
  Inventory inventory =
      on({.id = "rhel", .version_id = "9.2"},
         {{.type = "rpm", .name = "curl", .version = "7.76.1-23.el9_2.1", .source = "curl"}});
  inventory.repositories = std::move(content_sets);
  return inventory;
}

TEST(Rules, content_sets_say_which_of_red_hat_s_repositories_count) {
  const TemporaryDb db({record("RHSA-2024:1", "Red Hat",
                               {affected("Red Hat:enterprise_linux:9::baseos", "curl", "7.76.1-26.el9_3")}),
                        record("RHSA-2024:2", "Red Hat",
                               {affected("Red Hat:enterprise_linux:9::nfv", "curl", "7.76.1-99.el9")}),
                        record("RHSA-2024:3", "Red Hat",
                               {affected("Red Hat:rhel_eus:9.2::baseos", "curl", "7.76.1-23.el9_2.1")})});
  const Findings all = db.match(rhel92({}));
  EXPECT_EQ(all.list.at(0).fixed_in, "7.76.1-99.el9");
  const Findings base = db.match(rhel92({"rhel-9-for-x86_64-baseos-rpms"}));
  EXPECT_EQ(base.list.at(0).fixed_in, "7.76.1-26.el9_3");
  const Findings unknown = db.match(rhel92({"satellite-6.14-for-rhel-8-x86_64-rpms"}));
  EXPECT_EQ(unknown.list.at(0).fixed_in, "7.76.1-99.el9");
  EXPECT_EQ(unknown.notes.size(), 1U);
}

TEST(Rules, what_is_kept_alive_for_subscribers_decides_where_the_image_subscribes) {
  const Advisory base = record("REDHAT-CVE-2024-10001", "Red Hat",
                               {affected("Red Hat:enterprise_linux:9::baseos", "curl", "7.76.1-26.el9_3"),
                                affected("Red Hat:rhel_eus:9.2::baseos", "curl", "7.76.1-23.el9_2.4")});
  const TemporaryDb db({base});
  const Finding usual = db.match(rhel92({"rhel-9-for-x86_64-baseos-rpms"})).list.at(0);
  EXPECT_EQ(usual.fixed_in, "7.76.1-26.el9_3");
  const Finding eus =
      db.match(rhel92({"rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2", "rhel-9-for-x86_64-baseos-rpms"}))
          .list.at(0);
  EXPECT_EQ(eus.fixed_in, "7.76.1-23.el9_2.4");
  EXPECT_EQ(db.match(rhel92({})).list.at(0).extended_fixes.at(0).needs, "Red Hat's eus repositories");
}

TEST(Rules, photon_s_errata_do_not_give_each_package_all_vulnerabilities) {
  Advisory phsa{.id = "PHSA-2023-3.0-0001",
                .publisher = "Photon OS",
                .related = {"CVE-2024-10001", "CVE-2024-10002"},
                .modified = "2024-01-01T00:00:00Z",
                .affected = {affected("Photon OS:3.0", "curl", "8-2.ph3"),
                             affected("Photon OS:3.0", "vim", "9-2.ph3")}};
  const Inventory inventory = on({.id = "photon", .version_id = "3.0"},
                                 {{.type = "rpm", .name = "curl", .version = "8-1.ph3", .source = "curl"}});
  const Findings alone = TemporaryDb({phsa}).match(inventory);
  ASSERT_EQ(alone.list.size(), 2U);
  EXPECT_EQ(alone.list[0].confidence, Confidence::potential);
  const Advisory of_vim =
      record("PHOTON-3.0-CVE-2024-10001", "Photon OS", {affected("Photon OS:3.0", "vim", "9-2.ph3")});
  const Findings findings = TemporaryDb({phsa, of_vim}).match(inventory);
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].id, "CVE-2024-10002");
  ASSERT_EQ(findings.suppressed.size(), 1U);
  EXPECT_EQ(findings.suppressed[0].reason,
            "PHOTON-3.0-CVE-2024-10001 of Photon OS says it is in vim, not in this package, which overrules "
            "PHSA-2023-3.0-0001");
}

Inventory go_module(std::string version) {
  return {.packages = {{.type = "golang", .name = "example.org/m", .version = std::move(version)}}};
}

TEST(Rules, records_that_disagree_on_the_versions_make_a_potential_finding) {
  Advisory ghsa = record("GHSA-aaaa", "GitHub", {affected("Go", "example.org/m", "2.0.0")});
  Advisory go = record("GO-2024-1", "Go", {affected("Go", "example.org/m", "1.9.0")});
  ghsa.aliases = go.aliases = std::exchange(ghsa.upstream, {});
  go.upstream.clear();
  const TemporaryDb db({ghsa, go});
  const Finding both = db.match(go_module("v1.5.0")).list.at(0);
  EXPECT_EQ(both.confidence, Confidence::confirmed);
  EXPECT_TRUE(both.dissents.empty());
  const Finding one = db.match(go_module("v1.9.5")).list.at(0);
  EXPECT_EQ(one.confidence, Confidence::potential);
  EXPECT_EQ(one.confidence_by, "records disagree: GO-2024-1 says affected: >= 0, < 1.9.0");
  ASSERT_EQ(one.dissents.size(), 1U);
  EXPECT_FALSE(one.decided_by.empty());
  EXPECT_EQ(db.explained(go_module("v1.9.5"), "CVE-2024-10001"),
            (Names{"GHSA-aaaa Go: affected: >= 0, < 2.0.0 (v1.9.5 < 2.0.0)",
                   "GO-2024-1 Go: affected: >= 0, < 1.9.0, not v1.9.5"}));
}

TEST(Rules, what_the_ecosystem_s_own_database_has_withdrawn_is_suppressed) {
  Advisory ghsa = record("GHSA-aaaa", "GitHub", {affected("Go", "example.org/m", "2.0.0")});
  Advisory go = record("GO-2024-1", "Go", {affected("Go", "example.org/m", "2.0.0")});
  ghsa.aliases = go.aliases = std::exchange(ghsa.upstream, {});
  go.upstream.clear();
  go.withdrawn = "2024-05-06T00:00:00Z";
  const Findings findings = TemporaryDb({ghsa, go}).match(go_module("v1.5.0"));
  EXPECT_TRUE(findings.list.empty());
  ASSERT_EQ(findings.suppressed.size(), 1U);
  EXPECT_EQ(findings.suppressed[0].reason,
            "GO-2024-1 of Go says withdrawn 2024-05-06, which overrules GHSA-aaaa");
}

TEST(Rules, what_nobody_has_reviewed_and_what_bytes_alone_tell_is_potential) {
  Advisory go = record("GO-2024-1", "Go", {affected("Go", "example.org/m", "2.0.0")});
  go.review = "UNREVIEWED";
  EXPECT_EQ(TemporaryDb({go}).match(go_module("v1.5.0")).list.at(0).confidence_by,
            "GO-2024-1 has not been reviewed by its publisher");
  go.review.clear();
  Inventory inventory = go_module("v1.5.0");
  inventory.packages[0].by_content = true;
  EXPECT_EQ(TemporaryDb({go}).match(inventory).list.at(0).confidence, Confidence::potential);
}

}  // namespace
}  // namespace peekr
