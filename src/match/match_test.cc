// SPDX-License-Identifier: Apache-2.0
// The whole stage against real databases, built here from facts about real vulnerabilities.
#include "match/match.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "match/temporary_db.h"

namespace peekr {
namespace {

using Names = std::vector<std::string>;

const Advisory kDsa{
    .id = "DSA-3481-1",
    .publisher = "osv",
    .upstream = {"DEBIAN-CVE-2015-7547", "CVE-2015-7547", "DEBIAN-CVE-2015-8776", "CVE-2015-8776"},
    .summary = "glibc - security update",
    .published = "2016-02-16T00:00:00Z",
    .modified = "2016-02-16T00:00:00Z",
    .affected = {affected("Debian:8", "glibc", "2.19-18+deb8u3")}};
const Advisory kNvd{.id = "CVE-2015-7547",
                    .publisher = "nvd",
                    .modified = "2016-02-18T00:00:00Z",
                    .vectors = {"CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"}};

Inventory debian8() {
  const auto of_glibc = [](std::string name) {
    return Package{.type = "deb",
                   .name = std::move(name),
                   .version = "2.19-18+deb8u2",
                   .source = "glibc",
                   .source_version = "2.19-18+deb8u2",
                   .path = Path("var/lib/dpkg/status")};
  };
  return on({.id = "debian", .version_id = "8", .name = "Debian GNU/Linux 8 (jessie)"},
            {of_glibc("libc6"), of_glibc("libc-bin")});
}

Names notes(const Findings& findings) {
  Names all;
  for (const Note& note : findings.notes) all.push_back(std::string(name(note.why)) + " " + note.what);
  return all;
}

// The release file has nothing to do with packages of a language.
TEST(Match, what_is_not_known_is_said_of_the_release_file_for_packages_of_the_system_alone) {
  const Findings findings = TemporaryDb({kNvd}).match(
      on({.id = "debian", .version_id = "8", .name = "Debian 8", .path = Path("etc/os-release")},
         {{.type = "deb", .name = "bash", .version = "1", .source = "bash", .source_version = "1"},
          {.type = "npm", .name = "lodash", .version = "1.0.0"}}));
  ASSERT_EQ(findings.notes.size(), 2u);
  EXPECT_EQ(findings.notes[0].path.str(), "");
  EXPECT_TRUE(findings.notes[0].what.starts_with("npm: the database has no advisories"));
  EXPECT_EQ(findings.notes[1].path.str(), "etc/os-release");
}

TEST(Match, glibc_of_debian_8_has_CVE_2015_7547_in_each_binary_package_with_its_proof) {
  const Inventory inventory = debian8();
  const Findings findings = TemporaryDb({kDsa, kNvd}).match(inventory);
  Names rows;
  for (const Finding& one : findings.list)
    rows.push_back(inventory.packages[one.package].name + " " + one.id);
  EXPECT_EQ(rows, (Names{"libc-bin CVE-2015-7547", "libc-bin CVE-2015-8776", "libc6 CVE-2015-7547",
                         "libc6 CVE-2015-8776"}));  // by name, then the rated one first
  const Finding& getaddrinfo = findings.list[2];
  EXPECT_EQ(getaddrinfo.names, (Names{"DEBIAN-CVE-2015-7547", "DSA-3481-1"}));
  EXPECT_EQ(getaddrinfo.fixed_in, "2.19-18+deb8u3");
  EXPECT_EQ(getaddrinfo.severity, Severity::high);
  EXPECT_EQ(getaddrinfo.cvss, 8.1);
  EXPECT_EQ(getaddrinfo.severity_source, "CVE-2015-7547: CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H");
  EXPECT_EQ(getaddrinfo.published, "2016-02-16T00:00:00Z");
  ASSERT_EQ(getaddrinfo.proofs.size(), 1U);
  const Proof& proof = getaddrinfo.proofs[0];
  EXPECT_EQ(proof.advisory, "DSA-3481-1");
  EXPECT_EQ(proof.publisher, "osv");
  EXPECT_EQ(proof.ecosystem, "Debian:8");
  EXPECT_EQ(proof.key, "glibc");
  EXPECT_TRUE(proof.by_source);
  EXPECT_EQ(proof.scheme, "deb");
  EXPECT_EQ(proof.installed, "2.19-18+deb8u2");
  EXPECT_EQ(proof.range, ">= 0, < 2.19-18+deb8u3");
  EXPECT_EQ(proof.comparison, "2.19-18+deb8u2 < 2.19-18+deb8u3");
  EXPECT_EQ(findings.list[3].severity, Severity::unknown);
  EXPECT_TRUE(findings.notes.empty());
}

TEST(Match, the_fixed_version_has_no_finding_and_no_note) {
  Inventory inventory = debian8();
  for (Package& package : inventory.packages) package.source_version = "2.19-18+deb8u3";
  const Findings findings = TemporaryDb({kDsa}).match(inventory);
  EXPECT_TRUE(findings.list.empty());
  EXPECT_TRUE(findings.notes.empty());
}

TEST(Match, a_withdrawn_advisory_neither_matches_nor_rates) {
  Advisory withdrawn = kDsa;
  withdrawn.withdrawn = "2020-01-01T00:00:00Z";
  EXPECT_TRUE(TemporaryDb({withdrawn, kNvd}).match(debian8()).list.empty());
  Advisory rating = kNvd;
  rating.withdrawn = "2020-01-01T00:00:00Z";
  EXPECT_EQ(TemporaryDb({kDsa, rating}).match(debian8()).list.at(0).severity, Severity::unknown);
}

TEST(Match, a_later_debian_advisory_without_cves_takes_those_of_the_first) {
  const Advisory second{.id = "DSA-3481-2",
                        .publisher = "osv",
                        .modified = "2016-02-17T00:00:00Z",
                        .affected = {affected("Debian:8", "glibc", "2.19-18+deb8u4")}};
  Inventory inventory = debian8();
  inventory.packages.resize(1);
  const Findings findings = TemporaryDb({kDsa, second}).match(inventory);
  ASSERT_EQ(findings.list.size(), 2U);
  EXPECT_EQ(findings.list[0].id, "CVE-2015-7547");
  EXPECT_EQ(findings.list[0].fixed_in, "2.19-18+deb8u4");
}

TEST(Match, a_release_that_the_database_lacks_is_a_note_that_names_those_it_has) {
  Inventory inventory = debian8();
  inventory.distro->version_id = "12";
  inventory.distro->name = "Debian GNU/Linux 12 (bookworm)";
  const Findings findings = TemporaryDb({kDsa}).match(inventory);
  EXPECT_TRUE(findings.list.empty());
  EXPECT_EQ(notes(findings), (Names{"no_data Debian GNU/Linux 12 (bookworm): the database has no advisories "
                                    "for Debian:12, only for Debian:8 "
                                    "(2 deb packages not judged)"}));
  EXPECT_EQ(findings.notes[0].path, Path("etc/os-release"));
}

TEST(Match, what_nobody_judges_is_one_note_a_type) {
  const TemporaryDb db({kDsa});
  const Package rpm{.type = "rpm", .name = "curl", .version = "8-1"};
  EXPECT_EQ(
      notes(db.match(on({.id = "nobara", .version_id = "39"}, {rpm, rpm}))),
      (Names{"no_data nobara 39: no advisories are known for its rpm packages (2 rpm packages not judged)"}));
  const Package opkg{.type = "opkg", .name = "busybox", .version = "1"};
  EXPECT_EQ(notes(db.match(on({.id = "openwrt", .version_id = "23.05"}, {opkg}))),
            (Names{"no_data type opkg: no advisories are known for it (1 opkg package not judged)"}));
  EXPECT_EQ(notes(db.match({.packages = {rpm}})),
            (Names{"no_data operating system: not recognised (1 rpm package not judged)"}));
  EXPECT_EQ(notes(db.match({})), (Names{"no_data no packages were found in the image: nothing to judge"}));
}

TEST(Match, debian_testing_is_judged_by_unstable_and_says_so) {
  Advisory sid = kDsa;
  sid.affected = {affected("Debian:unstable", "glibc", "2.21-8")};
  Inventory inventory = debian8();
  inventory.distro = Distro{.id = "debian", .codename = "stretch", .name = "Debian GNU/Linux stretch/sid"};
  const Findings findings = TemporaryDb({sid}).match(inventory);
  EXPECT_EQ(findings.list.size(), 4U);
  EXPECT_EQ(notes(findings), (Names{"no_data Debian GNU/Linux stretch/sid: a release without a number, "
                                    "judged by Debian:unstable, which "
                                    "need not name all that is known"}));
}

TEST(Match, a_version_without_order_is_a_note_that_names_package_version_and_advisory) {
  Inventory inventory = debian8();
  inventory.packages.resize(1);
  inventory.packages[0].version = inventory.packages[0].source_version = "not a version";
  const Findings findings = TemporaryDb({kDsa}).match(inventory);
  EXPECT_TRUE(findings.list.empty());
  EXPECT_EQ(notes(findings), (Names{"unordered libc6 not a version: DSA-3481-1 cannot be judged: "
                                    "not a version against 2.19-18+deb8u3"}));
}

TEST(Match, alpine_s_own_not_affected_beats_osv_s_copy) {
  Advisory secdb{.id = "ALPINE-SECDB-v3.16-main-CVE-2022-37434",
                 .publisher = "alpine-secdb",
                 .upstream = {"CVE-2022-37434"},
                 .modified = "2022-09-01T00:00:00Z"};
  secdb.affected.push_back(
      {.ecosystem = "Alpine:v3.16", .package = "zlib", .standing = Standing::not_affected});
  const Advisory copy{.id = "ALPINE-CVE-2022-37434",
                      .publisher = "osv",
                      .upstream = {"CVE-2022-37434"},
                      .modified = "2022-09-01T00:00:00Z",
                      .affected = {affected("Alpine:v3.16", "zlib", "1.2.12-r2")}};
  const Inventory inventory = on({.id = "alpine", .version_id = "3.16.1"},
                                 {{.type = "apk", .name = "zlib", .version = "1.2.12-r1", .source = "zlib"}});
  EXPECT_EQ(TemporaryDb({copy}).match(inventory).list.size(), 1U);
  EXPECT_TRUE(TemporaryDb({copy, secdb}).match(inventory).list.empty());
  secdb.id = "ALPINE-REJECTED-main-CVE-2022-37434";  // of all releases
  secdb.affected[0].ecosystem = "Alpine";
  EXPECT_TRUE(TemporaryDb({copy, secdb}).match(inventory).list.empty());
  secdb.affected[0].ecosystem = "Alpine:v3.17";
  EXPECT_EQ(TemporaryDb({copy, secdb}).match(inventory).list.size(), 1U);
}

TEST(Match, red_hat_is_asked_in_every_channel_and_an_advisory_in_two_is_one_finding) {
  const Advisory rhsa{
      .id = "RHSA-2024:1",
      .publisher = "osv",
      .upstream = {"CVE-2024-1001"},
      .modified = "2024-01-01T00:00:00Z",
      .affected = {affected("Red Hat:enterprise_linux:9::baseos", "curl", "0:7.76.1-29.el9"),
                   affected("Red Hat:enterprise_linux:9::appstream", "curl", "0:7.76.1-29.el9")}};
  const Advisory eus{.id = "RHSA-2024:2",
                     .publisher = "osv",
                     .upstream = {"CVE-2024-1002"},
                     .modified = "2024-01-01T00:00:00Z",
                     .affected = {affected("Red Hat:rhel_eus:9.2::baseos", "curl", "0:7.76.1-30.el9")}};
  const Package curl{.type = "rpm", .name = "curl", .version = "7.76.1-26.el9", .source = "curl"};
  const Findings findings = TemporaryDb({rhsa, eus}).match(on({.id = "rhel", .version_id = "9.3"}, {curl}));
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].id, "CVE-2024-1001");
  EXPECT_EQ(findings.list[0].proofs.size(), 2U);
}

TEST(Match, packages_that_differ_only_in_their_source_are_judged_apart) {
  const Advisory openssl{.id = "CGA-1",
                         .publisher = "osv",
                         .upstream = {"CVE-2024-1001"},
                         .modified = "2024-01-01T00:00:00Z",
                         .affected = {affected("Wolfi", "openssl", "3.2-r0")}};
  const Package ours{.type = "apk", .name = "libcrypto3", .version = "3.1-r0", .source = "libressl"};
  Package theirs = ours;
  theirs.source = "openssl";
  const Findings findings = TemporaryDb({openssl}).match(on({.id = "wolfi"}, {ours, theirs}));
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].package, 1U);
}

TEST(Match, findings_come_in_the_same_order_whatever_the_order_of_the_packages) {
  const TemporaryDb db({kDsa, kNvd});
  Inventory inventory = debian8();
  const auto rows = [&] {
    Names all;
    for (const Finding& one : db.match(inventory).list)
      all.push_back(inventory.packages[one.package].name + one.id);
    return all;
  };
  const Names before = rows();
  std::ranges::reverse(inventory.packages);
  EXPECT_EQ(rows(), before);
}

Affected time_affected(const std::vector<std::vector<Event>>& all) {
  Affected one{.ecosystem = "crates.io", .package = "time"};
  for (const std::vector<Event>& events : all) one.ranges.push_back({.type = "SEMVER", .events = events});
  return one;
}

// GHSA-wcg3-cvx6-7396 and RUSTSEC-2020-0071.
TEST(Match, a_fix_that_another_record_of_the_vulnerability_calls_affected_is_none) {
  using Kind = Event::Kind;
  const std::vector<Event> rust = {{Kind::introduced, "0.0.0-0"}, {Kind::fixed, "0.2.0"},
                                   {Kind::introduced, "0.2.1-0"}, {Kind::fixed, "0.2.1"},
                                   {Kind::introduced, "0.2.7-0"}, {Kind::fixed, "0.2.23"}};
  const std::vector<Event> first = {{Kind::introduced, "0.1"}, {Kind::last_affected, "0.2"}},
                           second = {{Kind::introduced, "0.2.7"}, {Kind::fixed, "0.2.23"}};
  for (const auto& [github, fix] : {std::pair(time_affected({first, second}), "0.2.1"),
                                    {time_affected({{first[0], {Kind::last_affected, "0.2.8"}}}), "0.2.23"},
                                    {time_affected({{first[0], {Kind::last_affected, "0.1.99"}}}), "0.2.0"},
                                    {time_affected({{first[0]}}), "0.2.0"}}) {
    const Findings findings = TemporaryDb({{.id = "RUSTSEC-2020-0071",
                                            .publisher = "RustSec",
                                            .aliases = {"CVE-2020-26235"},
                                            .modified = "2024-01-01T00:00:00Z",
                                            .affected = {time_affected({rust})}},
                                           {.id = "GHSA-wcg3-cvx6-7396",
                                            .publisher = "GitHub",
                                            .aliases = {"CVE-2020-26235"},
                                            .modified = "2024-01-01T00:00:00Z",
                                            .affected = {github}}})
                                  .match(on({.id = "debian", .version_id = "12"},
                                            {{.type = "cargo", .name = "time", .version = "0.1.45"}}));
    ASSERT_EQ(findings.list.size(), 1u);
    EXPECT_EQ(findings.list[0].proofs.size(), 2u);
    EXPECT_EQ(findings.list[0].fixed_in, fix);
  }
}

const Advisory kRequests{.id = "GHSA-j8r2-6x86-q33q",
                         .publisher = "GitHub",
                         .aliases = {"CVE-2023-32681", "PYSEC-2023-74"},
                         .modified = "2024-01-01T00:00:00Z",
                         .affected = {affected("PyPI", "requests", "2.31.0")}};

// requests 2.28.1 as Debian 12 installs it: its version is old, its fix is Debian's.
Inventory debian_with_requests(std::optional<std::size_t> owner) {
  Inventory inventory = on(
      {.id = "debian", .version_id = "12"},
      {{.type = "deb", .name = "python3-requests", .version = "2.28.1+dfsg-1+deb12u1", .source = "requests"},
       {.type = "pypi", .name = "requests", .version = "2.28.1"}});
  inventory.packages[1].owner = owner;
  return inventory;
}

// What a classifier says of a glibc that no package database mentions.
Package glibc(std::string version) {
  return {.type = "generic",
          .name = "glibc",
          .version = version,
          .path = Path("opt/app/libx.so"),
          .cpes = {cpe_name("gnu", "glibc", version)},
          .by_content = true};
}

TEST(Match, software_without_a_package_is_judged_by_what_nvd_calls_it) {
  Affected ranges{.ecosystem = "CPE", .package = "gnu:glibc"};
  ranges.ranges.push_back(
      {.type = "ECOSYSTEM", .events = {{Event::Kind::introduced, "2.9"}, {Event::Kind::fixed, "2.23"}}});
  Affected other{.ecosystem = "CPE", .package = "other:glibc"};
  other.ranges.push_back({.type = "ECOSYSTEM", .events = {{Event::Kind::introduced, "0"}}});
  const TemporaryDb db({{.id = "NVD-CVE-2015-7547",
                         .publisher = "NVD",
                         .upstream = {"CVE-2015-7547"},
                         .vectors = {"CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"},
                         .affected = {ranges}},
                        {.id = "NVD-CVE-2000-0001", .publisher = "NVD", .affected = {other}}});
  const Findings findings = db.match({.packages = {glibc("2.19"), glibc("2.23"), glibc("2.8")}});
  ASSERT_EQ(findings.list.size(), 1u);
  EXPECT_EQ(findings.list[0].id, "CVE-2015-7547");
  EXPECT_EQ(findings.list[0].package, 0u);
  EXPECT_EQ(findings.list[0].fixed_in, "2.23");
  EXPECT_EQ(findings.list[0].proofs.front().key, "gnu:glibc");
}

TEST(Match, software_without_a_package_is_judged_by_bitnami_under_its_own_name) {
  const TemporaryDb db({{.id = "BIT-redis-2023-1",
                         .publisher = "Bitnami",
                         .aliases = {"CVE-2023-1"},
                         .affected = {affected("Bitnami", "redis", "7.0.11")}}});
  const Package redis{.type = "generic",
                      .name = "redis",
                      .version = "7.0.5",
                      .path = Path("usr/local/bin/redis-server"),
                      .cpes = {cpe_name("redis", "redis", "7.0.5")},
                      .by_content = true};
  const Findings findings = db.match({.packages = {redis}});
  ASSERT_EQ(findings.list.size(), 1u);
  EXPECT_EQ(findings.list[0].fixed_in, "7.0.11");
}

TEST(Match, software_without_a_package_is_judged_by_bitnami_under_bitnami_s_name) {
  struct Row {
    std::string name, vendor, product, bitnami;
  };
  for (const Row& row :
       {Row{"php-cli", "php", "php", "php"}, Row{"php-fpm", "php", "php", "php"},
        Row{"httpd", "apache", "http_server", "apache"}, Row{"go", "golang", "go", "golang"}}) {
    const TemporaryDb db({{.id = "BIT-" + row.bitnami + "-2023-1",
                           .publisher = "Bitnami",
                           .aliases = {"CVE-2023-1"},
                           .affected = {affected("Bitnami", row.bitnami, "8.2.11")}}});
    const std::string cpe = cpe_name(row.vendor, row.product, "8.2.10");
    const Package package{.type = "generic",
                          .name = row.name,
                          .version = "8.2.10",
                          .path = Path("usr/local/bin/" + row.name),
                          .cpes = {cpe, cpe},
                          .by_content = true};
    const Findings findings = db.match({.packages = {package}});
    ASSERT_EQ(findings.list.size(), 1u) << row.name;
    EXPECT_EQ(findings.list[0].fixed_in, "8.2.11") << row.name;
    EXPECT_EQ(findings.list[0].proofs.size(), 1u) << row.name;
  }
}

// nginx 1.25.4 of nginx.org on Debian 12, whose own nginx 1.22.1 has a fix.
TEST(Match, a_third_party_s_package_is_not_what_the_distribution_has_mended) {
  const TemporaryDb db({{.id = "DEBIAN-CVE-2024-7347",
                         .publisher = "Debian",
                         .upstream = {"CVE-2024-7347"},
                         .affected = {affected("Debian:12", "nginx", "1.22.1-9+deb12u1")}},
                        {.id = "NVD-CVE-2024-7347",
                         .publisher = "NVD",
                         .upstream = {"CVE-2024-7347"},
                         .affected = {affected("CPE", "f5:nginx", "1.26.2")}}});
  Inventory inventory =
      on({.id = "debian", .version_id = "12"},
         {{.type = "deb", .name = "nginx", .version = "1.25.4-1~bookworm", .source = "nginx"},
          {.type = "generic",
           .name = "nginx",
           .version = "1.25.4",
           .path = Path("usr/sbin/nginx"),
           .cpes = {cpe_name("f5", "nginx", "1.25.4")},
           .by_content = true,
           .owner = 0}});
  EXPECT_EQ(db.match(inventory).list.size(), 0U);
  inventory.packages[0].maintainer = "NGINX Packaging <nginx-packaging@f5.com>";
  const Findings findings = db.match(inventory);
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].package, 1U);
  EXPECT_EQ(findings.list[0].fixed_in, "1.26.2");
  ASSERT_EQ(findings.notes.size(), 1U);
  EXPECT_EQ(findings.notes[0].why, Why::no_data);
}

TEST(Match, a_language_package_is_judged_by_its_ecosystem) {
  const Findings findings = TemporaryDb({kRequests}).match(debian_with_requests(std::nullopt));
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].id, "CVE-2023-32681");
  EXPECT_EQ(findings.list[0].fixed_in, "2.31.0");
}

TEST(Match, what_the_distribution_has_judged_is_suppressed_in_the_language_package_it_installed) {
  const Advisory debian{.id = "DEBIAN-CVE-2023-32681",
                        .publisher = "Debian",
                        .upstream = {"CVE-2023-32681"},
                        .modified = "2024-01-01T00:00:00Z",
                        .affected = {affected("Debian:12", "requests", "2.28.1+dfsg-1+deb12u1")}};
  const TemporaryDb db({kRequests, debian});
  const Findings findings = db.match(debian_with_requests(0));
  EXPECT_TRUE(findings.list.empty());
  ASSERT_EQ(findings.suppressed.size(), 1U);
  EXPECT_EQ(findings.suppressed[0].finding.id, "CVE-2023-32681");
  EXPECT_EQ(findings.suppressed[0].reason,
            "installed by deb package python3-requests 2.28.1+dfsg-1+deb12u1, which its distribution judges: "
            "DEBIAN-CVE-2023-32681: fixed in 2.28.1+dfsg-1+deb12u1");
  EXPECT_EQ(db.match(debian_with_requests(std::nullopt)).list.size(), 1U);
}

TEST(Match, what_the_distribution_finds_affected_is_a_finding_of_its_package_alone) {
  const Advisory debian{.id = "DEBIAN-CVE-2023-32681",
                        .publisher = "Debian",
                        .upstream = {"CVE-2023-32681"},
                        .modified = "2024-01-01T00:00:00Z",
                        .affected = {affected("Debian:12", "requests", "2.28.1+dfsg-1+deb12u2")}};
  const Findings findings = TemporaryDb({kRequests, debian}).match(debian_with_requests(0));
  ASSERT_EQ(findings.list.size(), 1U);
  EXPECT_EQ(findings.list[0].package, 0U);
  EXPECT_EQ(findings.list[0].fixed_in, "2.28.1+dfsg-1+deb12u2");
  ASSERT_EQ(findings.suppressed.size(), 1U);
  EXPECT_EQ(findings.suppressed[0].reason,
            "installed by deb package python3-requests 2.28.1+dfsg-1+deb12u1, which its distribution judges: "
            "DEBIAN-CVE-2023-32681: affected, among that package's findings");
}

TEST(Match, where_the_distribution_cannot_be_understood_the_finding_in_its_language_package_stands) {
  const Advisory debian{.id = "DEBIAN-CVE-2023-32681",
                        .publisher = "Debian",
                        .upstream = {"CVE-2023-32681"},
                        .modified = "2024-01-01T00:00:00Z",
                        .affected = {affected("Debian:12", "requests", "no version at all")}};
  const Findings findings = TemporaryDb({kRequests, debian}).match(debian_with_requests(0));
  EXPECT_EQ(findings.list.size(), 1U);
  EXPECT_TRUE(findings.suppressed.empty());
  EXPECT_FALSE(findings.notes.empty());
}

TEST(Match, where_the_distribution_is_silent_the_finding_in_its_language_package_stands) {
  const Advisory other{
      .id = "DEBIAN-CVE-2023-32681",
      .publisher = "Debian",
      .upstream = {"CVE-2023-32681"},
      .modified = "2024-01-01T00:00:00Z",
      .affected = {affected("Debian:11", "requests", "1"), affected("Debian:12", "urllib3", "1")}};
  const Findings findings = TemporaryDb({kRequests, other}).match(debian_with_requests(0));
  EXPECT_EQ(findings.list.size(), 1U);
  EXPECT_TRUE(findings.suppressed.empty());
}

TEST(Match, what_is_said_of_another_architecture_or_module_stream_suppresses_nothing) {
  const auto with = [](Affected said) {
    const Advisory rocky{.id = "RLSA-2023:1",
                         .publisher = "Rocky",
                         .upstream = {"CVE-2023-32681"},
                         .modified = "2024-01-01T00:00:00Z",
                         .affected = {std::move(said)}};
    Inventory image = on({.id = "rocky", .version_id = "8.9", .name = "Rocky Linux 8.9"},
                         {{.type = "rpm",
                           .name = "python39-requests",
                           .version = "2.25.0-3.module+el8.9.0+1",
                           .arch = "x86_64",
                           .modularity = "python39:3.9:8090020231204071501:2ad34b65"},
                          {.type = "pypi", .name = "requests", .version = "2.25.0", .owner = 0}});
    return TemporaryDb({kRequests, rocky}).match(image);
  };
  Affected said = affected("Rocky Linux:8", "python39-requests", "2.25.0-2.module+el8.9.0+1");
  said.module = "python39:3.9";
  said.arches = {"x86_64"};
  EXPECT_TRUE(with(said).list.empty());
  said.module = "python38:3.8";
  EXPECT_EQ(with(said).list.size(), 1U);
  said.module = "python39:3.9";
  said.arches = {"s390x"};
  EXPECT_EQ(with(said).list.size(), 1U);
}

TEST(Match, a_feed_that_says_which_kind_of_package_it_names_is_believed) {
  const auto named = [](std::string id, KeyKind kind) {
    Advisory one{.id = std::move(id),
                 .publisher = "SUSE",
                 .modified = "2024-01-01T00:00:00Z",
                 .affected = {affected("openSUSE:Leap 15.6", "zip", "9")}};
    one.affected[0].key = kind;
    return one;
  };
  const TemporaryDb db({named("SUSE-1", KeyKind::source), named("SUSE-2", KeyKind::binary),
                        named("SUSE-3", KeyKind::by_ecosystem)});
  const auto found = [&](std::string name, std::string source) {
    Names ids;
    const Inventory inventory =
        on({.id = "opensuse-leap", .version_id = "15.6"}, {{.type = "rpm",
                                                            .name = std::move(name),
                                                            .version = "3-1",
                                                            .source = std::move(source),
                                                            .source_version = "3-1"}});
    for (const Finding& one : db.match(inventory).list) ids.push_back(one.id);
    return ids;
  };
  EXPECT_EQ(found("libzip5", "zip"), (Names{"SUSE-1", "SUSE-3"}));
  EXPECT_EQ(found("zip", "tools"), (Names{"SUSE-2"}));
}

}  // namespace
}  // namespace peekr
