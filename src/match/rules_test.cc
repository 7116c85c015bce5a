// SPDX-License-Identifier: Apache-2.0
// The rules of docs/matching.md about who decides, against real databases.
#include <gtest/gtest.h>

#include <utility>

#include "match/channels.h"
#include "match/test_rules.h"

namespace peekr {
namespace {

using Names = std::vector<std::string>;

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

TEST(Rules, what_suse_has_for_long_term_support_alone_is_shown_as_such) {
  Advisory modules =
      record("SUSE-SU-2024:1-1", "SUSE",
             {affected("SUSE:Linux Enterprise Module for Web and Scripting 12", "php7", "7.4-2"),
              affected("SUSE:Linux Enterprise Server 12 SP5", "other", "2")});
  Advisory ltss =
      record("SUSE-SU-2025:2-1", "SUSE",
             {affected("SUSE:Linux Enterprise Server LTSS Extended Security 12 SP5", "curl", "8.0.1-11.99.1"),
              affected("SUSE:Linux Enterprise Server 12 SP5-LTSS", "curl", "8.0.1-11.99.1")});
  ltss.upstream = {"CVE-2024-10002"};
  const auto rpm = [](std::string name, std::string version) {
    return Package{.type = "rpm", .name = name, .version = std::move(version), .source = name};
  };
  const TemporaryDb db({modules, ltss});
  const Distro sp5{.id = "sles", .version_id = "12.5", .name = "SUSE Linux Enterprise Server 12 SP5"};
  const Findings all = db.match(on(sp5, {rpm("curl", "8.0.1-11.98.1"), rpm("php7", "7.4-1")}));
  ASSERT_EQ(all.list.size(), 2U);
  const Finding& curl = all.list[0].names.front() == "SUSE-SU-2025:2-1" ? all.list[0] : all.list[1];
  EXPECT_EQ(curl.fixed_in, "");
  EXPECT_EQ(curl.standing, Standing::wont_fix);
  EXPECT_EQ(curl.extended_fixes.at(0).needs, "SUSE's LTSS");
  EXPECT_TRUE(db.match(on(sp5, {rpm("curl", "8.0.1-11.99.1"), rpm("php7", "7.4-2")})).list.empty());
}

TEST(Rules, what_suse_has_for_sap_under_the_usual_name_is_no_fix_of_the_server_itself) {
  const std::string sap = "SUSE:Linux Enterprise Server for SAP Applications 15 SP3",
                    real_time = "SUSE:Linux Enterprise Real Time 15 SP3";
  Advisory ended = record("SUSE-SU-2025:2-1", "SUSE",
                          {affected("SUSE:Linux Enterprise Server 15 SP3-LTSS", "curl", "2"),
                           affected(sap, "curl", "2"), affected(real_time, "curl", "2")});
  Advisory alone = record("SUSE-SU-2025:3-1", "SUSE", {affected(sap, "vim", "2")});
  Advisory usual = record("SUSE-SU-2024:1-1", "SUSE",
                          {affected("SUSE:Linux Enterprise Module for Basesystem 15 SP3", "zlib", "2"),
                           affected(sap, "zlib", "3")});
  alone.upstream = {"CVE-2024-10003"};
  usual.upstream = {"CVE-2024-10002"};
  const TemporaryDb db({ended, alone, usual});
  const auto rpm = [](std::string name, std::string version) {
    return Package{.type = "rpm", .name = name, .version = std::move(version), .source = name};
  };
  const auto fix = [&](const std::string& id, const Package& package) {
    const Findings all = db.match(on({.id = id, .version_id = "15.3", .name = "SUSE"}, {package}));
    if (all.list.size() != 1) return std::to_string(all.list.size());
    const Finding& one = all.list[0];
    return one.fixed_in.empty() ? "subscribers: " + one.extended_fixes.at(0).needs : "all: " + one.fixed_in;
  };
  EXPECT_TRUE(fix("sles", rpm("curl", "1")).starts_with("subscribers: "));
  EXPECT_EQ(fix("sles", rpm("vim", "1")), "subscribers: SUSE Linux Enterprise Server for SAP Applications");
  EXPECT_EQ(fix("sles", rpm("zlib", "1")), "all: 2");
  EXPECT_EQ(fix("sles", rpm("zlib", "2")), "0");
  EXPECT_EQ(fix("sles_sap", rpm("curl", "1")), "all: 2");
  EXPECT_EQ(fix("sles_sap", rpm("vim", "1")), "all: 2");
}

TEST(Rules, where_suse_has_fixes_for_subscribers_alone_these_are_shown_and_a_note_says_so) {
  const TemporaryDb db({record("SUSE-SU-2025:2-1", "SUSE",
                               {affected("SUSE:Linux Enterprise Real Time 15 SP3", "curl", "2"),
                                affected("SUSE:Linux Enterprise Server 15 SP3-LTSS", "curl", "2")})});
  const Package curl{.type = "rpm", .name = "curl", .version = "1", .source = "curl"};
  for (const char* id : {"sles", "sles_sap"}) {
    const Findings all = db.match(on({.id = id, .version_id = "15.3", .name = "SLES 15.3"}, {curl}));
    ASSERT_EQ(all.list.size(), 1U) << id;
    EXPECT_EQ(all.list[0].fixed_in, "") << id;
    EXPECT_EQ(all.list[0].extended_fixes.size(), 2U) << id;
    EXPECT_EQ(all.judged, 1U) << id;
    ASSERT_EQ(all.notes.size(), 1U) << id;
    EXPECT_EQ(all.notes[0].what,
              "SLES 15.3: the database has no advisories for SUSE:* 15 SP3 that are for everybody; judged by "
              "SUSE:Linux Enterprise Server 15 SP3-LTSS, SUSE:Linux Enterprise Real Time 15 SP3 alone");
  }
}

// An SRPM's name has no epoch. A document that has the epoch of one package has all that there are.
TEST(Rules, a_package_without_an_epoch_has_none_where_the_document_tells_epochs) {
  const TemporaryDb db(
      {record("RLSA-2024:1", "Rocky Linux", {affected("Rocky Linux:9", "httpd", "1:1.0-1")})});
  Package tools{.type = "rpm", .name = "httpd-tools", .version = "2.4-1", .source = "httpd"};
  tools.source_version = tools.version;
  Package ssl{.type = "rpm", .name = "openssl", .version = "3.0-1", .source = "openssl"};
  const auto found = [&](const Path& release_file) {
    Inventory inventory = on({.id = "rocky", .version_id = "9"}, {tools, ssl});
    inventory.distro->path = release_file;
    return db.match(inventory).list.size();
  };
  EXPECT_EQ(found(Path()), 0U);
  ssl.epoch = 1;
  EXPECT_EQ(found(Path()), 1U);
  EXPECT_EQ(found(Path("etc/os-release")), 0U);
}

TEST(Rules, a_record_of_a_distribution_without_a_release_speaks_of_all) {
  const Inventory bookworm =
      on({.id = "debian", .version_id = "12", .name = "Debian"}, {deb("curl", "7.88.1-10")});
  const Advisory bare = record("CVE-2024-10001", "us", {affected("Debian", "curl", "7.88.1-11")});
  const Findings alone = TemporaryDb({bare}).match(bookworm);
  ASSERT_EQ(alone.list.size(), 1U);
  ASSERT_EQ(alone.notes.size(), 1U);
  EXPECT_TRUE(alone.notes[0].what.ends_with("; judged by Debian alone, which names no release"))
      << alone.notes[0].what;
  const Findings both =
      TemporaryDb({bare, record("CVE-2024-2", "Debian", {affected("Debian:12", "zlib", "9")})})
          .match(bookworm);
  EXPECT_EQ(both.list.size(), 1U);
  EXPECT_TRUE(both.notes.empty());
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

TEST(Rules, alpine_s_branches_that_are_mixed_without_tags_are_a_gap) {
  const TemporaryDb db(
      {record("ALPINE-CVE-2024-10001", "OSV", {affected("Alpine:v3.18", "curl", "8.1.0-r0")})});
  Inventory inventory = on({.id = "alpine", .version_id = "3.18.4"},
                           {{.type = "apk", .name = "curl", .version = "9-r0", .source = "curl"}});
  inventory.repositories = {"@edge edge/main", "v3.18/community", "v3.18/main"};
  EXPECT_TRUE(db.match(inventory).notes.empty());
  inventory.repositories.push_back("v3.19/main");
  EXPECT_EQ(db.match(inventory).notes.at(0).what,
            "repositories of v3.18 and v3.19 without tags: all packages are judged as of one of them");
}

// A chroot of Debian 13, and one of Debian 11, of which the database has nothing, in an image of Debian 12.
TEST(Rules, a_root_file_system_inside_the_image_is_judged_by_its_own_distribution) {
  const TemporaryDb db(
      {record("DEBIAN-CVE-2024-10002", "OSV",
              {affected("Debian:12", "openssl", "3.0.22-1"), affected("Debian:13", "openssl", "3.5.9-1")})});
  Inventory inventory =
      on({.id = "debian", .version_id = "12"}, {{.type = "deb",
                                                 .name = "openssl",
                                                 .version = "3.5.1-1",
                                                 .source = "openssl",
                                                 .path = Path("srv/r/var/lib/dpkg/status"),
                                                 .purl = "pkg:deb/debian/openssl@3.5.1-1?distro=debian-13"}});
  Findings findings = db.match(inventory);
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].fixed_in, "3.5.9-1");
  EXPECT_TRUE(findings.notes.empty());
  inventory.packages[0].purl = "pkg:deb/debian/openssl@1-1?distro=debian-11";
  findings = db.match(inventory);
  EXPECT_TRUE(findings.list.empty());
  ASSERT_EQ(findings.notes.size(), 1U);
  EXPECT_EQ(findings.notes[0].path, Path("srv/r"));
  inventory.packages[0].version = "1-1";
  inventory.packages[0].purl = "pkg:deb/debian/openssl@1-1?distro=debian-12";
  EXPECT_EQ(db.match(inventory).list.at(0).fixed_in, "3.0.22-1") << "as the image's own";
}

// A wheel has copied a library of AlmaLinux 8 into an image of Debian 12.
TEST(Rules, what_a_python_package_bundles_is_judged_by_the_distribution_it_is_from) {
  const TemporaryDb db({record("ALSA-2024:1", "AlmaLinux", {affected("AlmaLinux:8", "libwebp", "1.2.0-8")}),
                        record("DEBIAN-CVE-2024-1", "OSV", {affected("Debian:12", "libwebp", "1.2.0-9")})});
  Inventory inventory = on({.id = "debian", .version_id = "12"},
                           {{.type = "rpm",
                             .name = "libwebp",
                             .version = "1.2.0-1",
                             .source = "libwebp",
                             .path = Path("lib/pillow-9.dist-info/sboms/auditwheel.cdx.json"),
                             .purl = "pkg:rpm/almalinux/libwebp@1.2.0-1?distro=almalinux-8",
                             .claimed = true}});
  Findings findings = db.match(inventory);
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].fixed_in, "1.2.0-8");
  inventory.packages[0].purl = "pkg:rpm/almalinux/libwebp@1.2.0-1";
  findings = db.match(inventory);
  EXPECT_TRUE(findings.list.empty());
  ASSERT_EQ(findings.notes.size(), 1U);
  EXPECT_EQ(findings.notes[0].what,
            "almalinux: which release it is of is not said (1 rpm package not judged)");
  inventory.packages[0].version = "1.2.0-1.el8_9";  // as wheels say it
  inventory.packages[0].purl = "pkg:rpm/almalinux/libwebp@1.2.0-1.el8_9";
  EXPECT_EQ(db.match(inventory).list.size(), 1U);
}

Inventory rhel92(std::vector<std::string> content_sets) {
  Inventory inventory = on({.id = "rhel", .version_id = "9.2"},
                           {{.type = "rpm", .name = "curl", .version = "7.76.1-23.el9_2", .source = "curl"}});
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

TEST(Rules, red_hat_s_own_map_of_repositories_comes_before_the_rules_of_their_names) {
  Advisory map{.id = "REDHAT-REPOSITORIES", .publisher = "Red Hat"};
  map.kind = Advisory::Kind::informational;
  const auto add = [&](std::string repository, std::vector<std::string> products) {
    Affected one{.ecosystem = "Red Hat repository", .package = std::move(repository)};
    one.standing = Standing::not_affected;
    one.versions = std::move(products);
    map.affected.push_back(std::move(one));
  };
  add("rhel-9-for-x86_64-baseos-rpms",
      {"Red Hat:enterprise_linux:9::baseos", "Red Hat:enterprise_linux:9::nfv"});
  add("satellite-6.14-for-rhel-9-x86_64-rpms", {"Red Hat:satellite:6.14::el9"});
  const TemporaryDb db(
      {map,
       record("RHSA-2024:1", "Red Hat",
              {affected("Red Hat:enterprise_linux:9::baseos", "curl", "7.76.1-26.el9_3")}),
       record("RHSA-2024:2", "Red Hat",
              {affected("Red Hat:enterprise_linux:9::nfv", "curl", "7.76.1-27.el9_3")}),
       record("RHSA-2024:3", "Red Hat", {affected("Red Hat:satellite:6.14::el9", "curl", "7.76.1-99.el9")})});
  EXPECT_EQ(db.match(rhel92({"rhel-9-for-x86_64-baseos-rpms"})).list.at(0).fixed_in, "7.76.1-27.el9_3");
  const Findings satellite =
      db.match(rhel92({"rhel-9-for-x86_64-baseos-rpms", "satellite-6.14-for-rhel-9-x86_64-rpms"}));
  EXPECT_EQ(satellite.list.at(0).fixed_in, "7.76.1-99.el9");
  EXPECT_TRUE(satellite.notes.empty());
}

TEST(Rules, what_root_has_built_is_judged_by_root_then_by_the_distribution) {
  const Inventory theirs =
      on({.id = "debian", .version_id = "12"}, {deb("curl", "7.88.1-10+deb12u5.root.io.2")});
  const Advisory debian =
      record("DEBIAN-CVE-2024-10001", "Debian", {affected("Debian:12", "curl", "7.88.1-10+deb12u9")});
  Advisory root = record("ROOT-CVE-2024-10001", "Root",
                         {affected("Root:Debian:12", "curl", "7.88.1-10+deb12u5.root.io.2")});
  EXPECT_TRUE(TemporaryDb({debian, root}).match(theirs).list.empty());
  Inventory older = theirs;
  older.packages[0].version = older.packages[0].source_version = "7.88.1-10+deb12u5.root.io.1";
  EXPECT_EQ(TemporaryDb({debian, root}).match(older).list.at(0).fixed_in, "7.88.1-10+deb12u5.root.io.2");
  const Inventory usual = on({.id = "debian", .version_id = "12"}, {deb("curl", "7.88.1-10+deb12u5")});
  EXPECT_EQ(TemporaryDb({debian, root}).match(usual).list.at(0).fixed_in, "7.88.1-10+deb12u9");
  root.upstream = {"CVE-2024-10002"};  // silent about the other
  root.id = "ROOT-CVE-2024-10002";
  EXPECT_EQ(TemporaryDb({debian, root}).match(theirs).list.at(0).fixed_in, "7.88.1-10+deb12u9");
  const Findings without = TemporaryDb({debian}).match(theirs);
  EXPECT_EQ(without.list.size(), 1U);
  EXPECT_EQ(without.notes.at(0).what,
            "curl 7.88.1-10+deb12u5.root.io.2: built by Root, of whose fixes the database knows nothing");
}

TEST(Rules, root_s_revisions_of_alpine_s_packages) {
  const auto rebuilt = [](std::string version) {
    return is_rebuilt({.type = "apk", .name = "curl", .version = std::move(version)});
  };
  EXPECT_TRUE(rebuilt("8.5.0-r10071"));
  EXPECT_TRUE(rebuilt("8.5.0-r20072"));
  for (const char* version : {"8.5.0-r0", "8.5.0-r10081", "8.5.0-r100711", "8.5.0-r1007x", "8.5.0"})
    EXPECT_FALSE(rebuilt(version)) << version;
}

// Red Hat's VEX names source packages and binary ones.
TEST(Rules, what_a_record_says_of_a_package_and_of_its_source_is_explained_once) {
  const std::string baseos = "Red Hat:enterprise_linux:9::baseos";
  const auto entry = [&](KeyKind key, std::string name, std::string fix) {
    Affected one = affected(baseos, std::move(name), std::move(fix));
    one.key = key;
    return one;
  };
  const auto explained = [&](std::vector<Affected> all, std::string name) {
    Inventory inventory = on({.id = "rhel", .version_id = "9.2"}, {{.type = "rpm",
                                                                    .name = std::move(name),
                                                                    .version = "7.76.1-23.el9",
                                                                    .epoch = 0,
                                                                    .arch = "x86_64",
                                                                    .source = "curl",
                                                                    .source_version = "7.76.1-23.el9"}});
    return TemporaryDb({record("REDHAT-CVE-2024-10001", "Red Hat", std::move(all))})
        .explained(inventory, "CVE-2024-10001");
  };
  const Names same = explained(
      {entry(KeyKind::source, "curl", "0:7.76.1-26.el9"), entry(KeyKind::binary, "curl", "0:7.76.1-26.el9")},
      "curl");
  ASSERT_EQ(same.size(), 1U);
  EXPECT_TRUE(same[0].starts_with("REDHAT-CVE-2024-10001 " + baseos + ": affected: ")) << same[0];
  EXPECT_EQ(explained({entry(KeyKind::binary, "curl", "0:7.76.1-26.el9")}, "curl"), same);
  const Names both = explained({entry(KeyKind::source, "curl", "0:7.76.1-26.el9"),
                                entry(KeyKind::binary, "libcurl", "0:7.76.1-25.el9")},
                               "libcurl");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_TRUE(both[0].contains(": curl, its source: affected: ")) << both[0];
  EXPECT_TRUE(both[1].contains(": libcurl: affected: ")) << both[1];
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

// CVE-2025-40907: of RHEL 7 Red Hat names the fix of ELS alone.
TEST(Rules, what_red_hat_fixes_after_the_end_for_subscribers_alone_is_shown_as_such) {
  const TemporaryDb db(
      {record("REDHAT-CVE-2024-10001", "Red Hat",
              {affected("Red Hat:rhel_els:7", "perl-FCGI", "1:0.74-8.el7_9.1"),
               affected("Red Hat:enterprise_linux:8::appstream", "perl-FCGI", "1:0.78-11.el8")}),
       record("RHSA-2020:1", "Red Hat", {affected("Red Hat:enterprise_linux:7::server", "other", "2")})});
  const auto rhel7 = [](std::string version, std::vector<std::string> content_sets) {
    Inventory inventory = on({.id = "rhel", .version_id = "7.9"}, {{.type = "rpm",
                                                                    .name = "perl-FCGI",
                                                                    .version = std::move(version),
                                                                    .epoch = 1,
                                                                    .arch = "x86_64",
                                                                    .source = "perl-FCGI"}});
    inventory.repositories = std::move(content_sets);
    return inventory;
  };
  for (const Names& sets : {Names{}, Names{"ubi-7-server-rpms"}}) {
    const Findings all = db.match(rhel7("0.74-8.el7", sets));
    ASSERT_EQ(all.list.size(), 1U);
    EXPECT_EQ(all.list[0].fixed_in, "");
    EXPECT_EQ(all.list[0].standing, Standing::wont_fix);
    EXPECT_EQ(all.list[0].confidence_by, "fixed only for those who have Red Hat's els repositories");
    EXPECT_EQ(all.list[0].extended_fixes.at(0).version, "1:0.74-8.el7_9.1");
    EXPECT_TRUE(all.notes.empty());
    EXPECT_TRUE(db.match(rhel7("0.74-8.el7_9.1", sets)).list.empty());
  }
  const Findings els = db.match(rhel7("0.74-8.el7", {"rhel-7-server-els-rpms"}));
  EXPECT_EQ(els.list.at(0).fixed_in, "1:0.74-8.el7_9.1");
  EXPECT_EQ(els.list.at(0).standing, Standing::affected);
  EXPECT_TRUE(els.notes.empty());
  Inventory centos = rhel7("0.74-8.el7", {});
  centos.distro->id = "centos";
  centos.distro->version_id = "7";
  EXPECT_EQ(db.match(centos).list.size(), 1U);
}

// CVE-2025-40907: perl-FCGI 0.79-8.el9_4.1 is EUS's fix, 0.79-8.1.el9_6 the usual one.
TEST(Rules, a_build_that_has_the_fix_of_its_minor_release_is_fixed_where_no_content_set_tells) {
  const auto build = [](std::string version) {
    return on({.id = "rhel", .version_id = "9.4"},
              {{.type = "rpm", .name = "perl-FCGI", .version = std::move(version), .epoch = 1}});
  };
  const Affected usual = affected("Red Hat:enterprise_linux:9::appstream", "perl-FCGI", "1:0.79-8.1.el9_6"),
                 eus = affected("Red Hat:rhel_eus:9.4::appstream", "perl-FCGI", "1:0.79-8.el9_4.1");
  Advisory erratum = record("RHSA-2025:8696", "Red Hat", {eus});
  erratum.upstream.push_back("CVE-2024-10003");
  using Records = std::vector<Advisory>;
  for (const Records& records : {Records{record("REDHAT-CVE-2024-10001", "Red Hat", {usual, eus})},
                                 Records{record("RHSA-2025:8635", "Red Hat", {usual}), erratum}}) {
    const TemporaryDb db(records);
    EXPECT_TRUE(db.match(build("0.79-8.el9_4.1")).list.empty());
    EXPECT_TRUE(db.match(build("0.79-8.el9_4.2")).list.empty());
    EXPECT_TRUE(db.match(build("0.79-8.el9_4.2")).suppressed.empty());
    EXPECT_EQ(db.match(build("0.79-8.el9_4")).list.at(0).fixed_in, "1:0.79-8.1.el9_6");
    EXPECT_EQ(db.match(build("0.79-8.1.el9")).list.size(), 1U);  // above it, but not of it
  }
  // What a later erratum of the stream mends is not fixed by the first.
  const Advisory later =
      record("RHSA-2025:9000", "Red Hat",
             {affected("Red Hat:rhel_eus:9.4::appstream", "perl-FCGI", "1:0.79-8.el9_4.3")});
  const TemporaryDb mended({record("RHSA-2025:8635", "Red Hat", {usual}), erratum, later});
  EXPECT_EQ(mended.match(build("0.79-8.el9_4.1")).list.size(), 1U);
  EXPECT_TRUE(mended.match(build("0.79-8.el9_4.3")).list.empty());
}

// CVE-2025-6176: 1.1.0-6.el10_0.1 is EUS's fix, of a product that is named otherwise than those before 10. What is fixed for 10.1's
// subscribers is no fix of 10.0's.
TEST(Rules, eus_of_10_is_a_product_of_another_name) {
  const auto build = [](std::string version) {
    return on({.id = "rhel", .version_id = "10.0"},
              {{.type = "rpm", .name = "python3-brotli", .version = std::move(version)}});
  };
  const TemporaryDb db(
      {record("REDHAT-CVE-2024-10001", "Red Hat",
              {affected("Red Hat:enterprise_linux:10.1", "python3-brotli", "1.1.0-7.el10_1"),
               affected("Red Hat:enterprise_linux_eus:10.1", "python3-brotli", "1.1.0-6.el10_1"),
               affected("Red Hat:enterprise_linux_eus:10.0", "python3-brotli", "1.1.0-6.el10_0.1")})});
  EXPECT_TRUE(db.match(build("1.1.0-6.el10_0.1")).list.empty());
  const Finding old = db.match(build("1.1.0-6.el10_0")).list.at(0);
  EXPECT_EQ(old.fixed_in, "1.1.0-7.el10_1");
  ASSERT_EQ(old.extended_fixes.size(), 1U);
  EXPECT_EQ(old.extended_fixes[0].version, "1.1.0-6.el10_0.1");
  EXPECT_EQ(old.extended_fixes[0].needs, "Red Hat's eus repositories");
  Inventory subscribed = build("1.1.0-6.el10_0");
  subscribed.repositories = {"rhel-10-for-x86_64-appstream-eus-rpms__10_DOT_0"};
  EXPECT_EQ(db.match(subscribed).list.at(0).fixed_in, "1.1.0-6.el10_0.1");
}

// The second stretch of EUS has a name of its own, too.
TEST(Rules, a_fix_of_eus_s_long_life_is_shown_beside_the_usual) {
  const TemporaryDb db(
      {record("REDHAT-CVE-2024-10001", "Red Hat",
              {affected("Red Hat:enterprise_linux:8::baseos", "curl", "7.61.1-33.el8"),
               affected("Red Hat:rhel_eus_long_life:8.4::baseos", "curl", "7.61.1-18.el8_4.7")})});
  const auto build = [](std::string version) {
    return on({.id = "rhel", .version_id = "8.4"},
              {{.type = "rpm", .name = "curl", .version = std::move(version), .source = "curl"}});
  };
  EXPECT_TRUE(db.match(build("7.61.1-18.el8_4.7")).list.empty());
  EXPECT_EQ(db.match(build("7.61.1-18.el8_4")).list.at(0).extended_fixes.at(0).needs,
            "Red Hat's eus_long_life repositories");
}

}  // namespace
}  // namespace peekr
