// SPDX-License-Identifier: Apache-2.0
// The rules of docs/matching.md about records that say different things, against real databases.
#include <gtest/gtest.h>

#include <utility>

#include "base/text.h"
#include "match/test_rules.h"

namespace peekr {
namespace {

using Names = std::vector<std::string>;

TEST(Rules, what_many_advisories_cannot_tell_is_one_note_a_package) {
  std::vector<Advisory> all;
  for (const char* id : {"ALSA-2024:1", "ALSA-2024:2", "ALSA-2024:3"})
    all.push_back(
        record(id, "AlmaLinux", {affected("AlmaLinux:8", "nodejs", "1:16.20.2-2.module_el8.8.0+1")}));
  for (Advisory& one : all) one.affected[0].module = "nodejs:16";
  const TemporaryDb db(all);
  Inventory inventory =
      on({.id = "almalinux", .version_id = "8.9"},
         {{.type = "rpm", .name = "nodejs", .version = "16.20.1-1.module_el8.8.0+3613", .epoch = 1}});
  const Findings unknown = db.match(inventory);
  ASSERT_EQ(unknown.notes.size(), 1U);
  EXPECT_EQ(
      unknown.notes[0].what,
      "nodejs 1:16.20.1-1.module_el8.8.0+3613: ALSA-2024:1 and 2 more cannot be judged: module stream of the "
      "package is not known");
  inventory.packages[0].modularity = "nodejs:16";
  EXPECT_EQ(db.match(inventory).list.size(), 1U);
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

Affected not_affected(std::string ecosystem, std::string package) {
  Affected one{.ecosystem = std::move(ecosystem), .package = std::move(package)};
  one.standing = Standing::not_affected;
  return one;
}

TEST(Rules, what_a_publisher_says_later_takes_back_its_own_erratum) {
  const Inventory bookworm = on({.id = "debian", .version_id = "12"}, {deb("curl", "7.88.1-10")});
  Advisory dsa = record("DSA-5600-1", "Debian", {affected("Debian:12", "curl", "7.88.1-10+deb12u5")});
  dsa.upstream.push_back("CVE-2024-10002");
  dsa.published = "2024-01-01T00:00:00Z";
  dsa.modified = "2026-02-04T00:00:00Z";  // OSV.dev's import
  Advisory own = record("DEBIAN-CVE-2024-10001", "Debian", {not_affected("Debian:12", "curl")});
  for (const char* modified : {"", "2024-06-01T00:00:00Z"}) {  // "": the tracker, what holds now
    own.modified = modified;
    const Findings findings = TemporaryDb({dsa, own}).match(bookworm);
    ASSERT_EQ(findings.list.size(), 1U);
    EXPECT_EQ(findings.list[0].id, "CVE-2024-10002");  // of which the tracker says nothing
    ASSERT_EQ(findings.suppressed.size(), 1U);
    EXPECT_EQ(findings.suppressed[0].rule, Suppressed::Rule::overruled);
    EXPECT_EQ(findings.suppressed[0].reason,
              "DEBIAN-CVE-2024-10001 of Debian says not affected, which overrules DSA-5600-1");
    EXPECT_EQ(findings.suppressed[0].finding.decided_by, "Debian has said otherwise since");
  }
}

TEST(Rules, what_it_had_said_before_or_somebody_else_says_is_a_dissent) {
  const Inventory bookworm = on({.id = "debian", .version_id = "12"}, {deb("curl", "7.88.1-10")});
  Advisory dsa = record("DSA-5600-1", "Debian", {affected("Debian:12", "curl", "7.88.1-10+deb12u5")});
  dsa.published = "2024-01-01T00:00:00Z";
  const auto stands = [&](const Advisory& other) {
    const Findings findings = TemporaryDb({dsa, other}).match(bookworm);
    EXPECT_TRUE(findings.suppressed.empty());
    EXPECT_EQ(findings.list.at(0).confidence, Confidence::potential);
    return findings.list.at(0).dissents.at(0).says;
  };
  Advisory other = record("DEBIAN-CVE-2024-10001", "Debian", {not_affected("Debian:12", "curl")});
  other.modified = "2023-12-31T00:00:00Z";
  EXPECT_EQ(stands(other), "not affected");
  other.modified.clear();
  other.publisher = "Freexian";
  EXPECT_EQ(stands(other), "not affected");
  // Docker speaks of one image at a time.
  dsa.id = "DHI-node-CVE-2024-10001";
  other.id = "DHI-golang-CVE-2024-10001";
  dsa.publisher = other.publisher = "Docker";
  EXPECT_EQ(stands(other), "not affected");
  dsa.publisher = "Debian";
  dsa.id = "DSA-5600-1";
  // Other versions than those of the erratum are no word against it.
  other.publisher = "Debian";
  other.id = "DEBIAN-CVE-2024-10001";
  other.affected = {affected("Debian:12", "curl", "7.88.1-9")};
  EXPECT_EQ(stands(other), "affected: >= 0, < 7.88.1-9");
}

TEST(Rules, a_version_that_is_said_to_be_fixed_says_nothing_of_another) {
  Advisory usn = record("USN-1-1", "Ubuntu", {affected("Ubuntu:18.04:LTS", "curl", "7.58.0-2ubuntu3.24")});
  usn.published = "2024-01-01T00:00:00Z";
  Advisory vex = record("UBUNTU-VEX-CVE-2024-10001", "Ubuntu", {not_affected("Ubuntu:18.04:LTS", "curl")});
  vex.affected[0].versions = {"7.58.0-2ubuntu3.24"};
  vex.modified = "2026-01-01T00:00:00Z";
  const TemporaryDb db({usn, vex});
  EXPECT_EQ(db.match(on(kBionic, {deb("curl", "7.58.0-2ubuntu3.1")})).list.at(0).dissents.size(), 0U);
  EXPECT_TRUE(db.match(on(kBionic, {deb("curl", "7.58.0-2ubuntu3.24")})).list.empty());
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

TEST(Rules, the_date_of_a_fix_is_that_of_the_fix_that_is_shown) {
  Advisory ghsa = record("GHSA-aaaa", "GitHub", {affected("Go", "example.org/m", "3.0.0")});
  Advisory go = record("GO-2024-1", "Go", {affected("Go", "example.org/m", "1.9.0")});
  go.affected[0].ranges[0].events.push_back({Event::Kind::introduced, "2.0.0"});
  go.affected[0].ranges[0].events.push_back({Event::Kind::fixed, "4.0.0"});
  ghsa.aliases = go.aliases = std::exchange(ghsa.upstream, {});
  go.upstream.clear();
  ghsa.published = "2024-01-01T00:00:00Z";
  go.published = "2025-01-01T00:00:00Z";
  const Finding one = TemporaryDb({ghsa, go}).match(go_module("v1.5.0")).list.at(0);
  EXPECT_EQ(one.fixed_in, "4.0.0");
  EXPECT_EQ(one.fix_published, "2025-01-01T00:00:00Z");
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

TEST(Rules, a_group_that_nobody_says_is_looked_up_by_the_artifact_id) {
  const auto of = [](std::string id, std::string package) {
    return Advisory{.id = std::move(id), .affected = {affected("Maven", std::move(package), "3")}};
  };
  Advisory both = of("GHSA-6", "org.jdom:jdom");
  both.affected.push_back(affected("Maven", "jdom:jdom", "3"));
  const TemporaryDb db(
      {of("GHSA-1", "org.quartz-scheduler:quartz"), of("GHSA-2", "org.springframework.webflow:core"),
       of("GHSA-3", "com.example:core"), of("GHSA-4", "dom4j:dom4j"), of("GHSA-5", "org.dom4j:dom4j"), both,
       of("GHSA-7", "commons-io:commons-io"), of("GHSA-8", "org.apache.commons:commons-io")});
  const auto keys = [&](std::string name) {
    Inventory jar;
    jar.packages = {{.type = "maven", .name = std::move(name), .version = "2.2.1"}};
    const Findings findings = db.match(jar);
    std::vector<std::string> all;
    for (const Finding& one : findings.list)
      all.push_back(one.proofs[0].key + " " + std::string(peekr::name(one.confidence)));
    for (const Finding& one : findings.list) EXPECT_FALSE(db.explained(jar, one.id).empty());
    return all;
  };
  EXPECT_EQ(keys("quartz:quartz"), Names{"org.quartz-scheduler:quartz potential"});
  EXPECT_EQ(keys("org.quartz-scheduler.quartz:quartz"), Names{"org.quartz-scheduler:quartz potential"});
  // A group that says something counts, and so does a name that is there.
  EXPECT_EQ(keys("org.springframework:core"), Names{"org.springframework.webflow:core potential"});
  EXPECT_EQ(keys("org.nobody:core"), Names());
  EXPECT_EQ(keys("core:core").size(), 2U);
  EXPECT_EQ(keys("org.dom4j:dom4j"), Names{"org.dom4j:dom4j confirmed"});
  // A group that is called like its artifact may have moved below a domain.
  EXPECT_EQ(keys("dom4j:dom4j"), (Names{"dom4j:dom4j confirmed", "org.dom4j:dom4j potential"}));
  EXPECT_EQ(keys("jdom:jdom"), Names{"jdom:jdom confirmed"});
  EXPECT_EQ(keys("commons-io:commons-io"), Names{"commons-io:commons-io confirmed"});
}

TEST(Rules, what_is_said_of_tomcat_as_a_whole_holds_for_catalina_of_its_distribution) {
  const auto of = [](std::string id, std::string package) {
    return Advisory{.id = std::move(id), .affected = {affected("Maven", std::move(package), "9.0.31")}};
  };
  const TemporaryDb db(
      {of("GHSA-1", "org.apache.tomcat.embed:tomcat-embed-core"), of("GHSA-2", "org.apache.tomcat:tomcat"),
       of("GHSA-3", "org.apache.tomcat:tomcat-coyote"), of("GHSA-4", "org.apache.cassandra:cassandra-all")});
  const auto found = [&](std::string name) {
    Inventory jar;
    jar.packages = {{.type = "maven", .name = std::move(name), .version = "9.0.30"}};
    Names all;
    for (const Finding& one : db.match(jar).list)
      all.push_back(one.id + " " + std::string(peekr::name(one.confidence)));
    return all;
  };
  EXPECT_EQ(found("org.apache.tomcat:tomcat-catalina"), (Names{"GHSA-1 confirmed", "GHSA-2 confirmed"}));
  EXPECT_EQ(found("org.apache.tomcat:catalina"), (Names{"GHSA-1 confirmed", "GHSA-2 confirmed"}));
  EXPECT_EQ(found("org.apache.tomcat:tomcat-coyote"), Names{"GHSA-3 confirmed"});
  EXPECT_EQ(found("org.apache.tomcat:tomcat-jasper"), Names{});
  EXPECT_EQ(found("apache-cassandra:apache-cassandra"), Names{"GHSA-4 confirmed"});
}

TEST(Rules, what_records_say_of_a_jar_beside_catalina_too_is_found_once) {
  const Advisory both = record("GHSA-5", "GitHub",
                               {affected("Maven", "org.apache.tomcat.embed:tomcat-embed-core", "9.0.31"),
                                affected("Maven", "org.apache.tomcat:tomcat-coyote", "9.0.31")});
  const Advisory whole =
      record("GHSA-6", "GitHub", {affected("Maven", "org.apache.tomcat:tomcat", "9.0.31")});
  const TemporaryDb db({both, whole});
  const auto found = [&](const TemporaryDb& records, std::string_view catalina, std::string_view coyote,
                         std::string_view version = "9.0.30") {
    Inventory tomcat;
    tomcat.packages = {{.type = "maven",
                        .name = "org.apache.tomcat:tomcat-catalina",
                        .version = "9.0.30",
                        .path = Path(catalina)},
                       {.type = "maven",
                        .name = "org.apache.tomcat:tomcat-coyote",
                        .version = std::string(version),
                        .path = Path(coyote)}};
    Names all;
    for (const Finding& one : records.match(tomcat).list) {
      std::string line = tomcat.packages[one.package].name.substr(18) + " " + join(one.names, ",");
      for (const Proof& proof : one.proofs) line += " " + proof.key.substr(18);
      all.push_back(std::move(line));
    }
    return all;
  };
  const auto count = [&](std::string_view catalina, std::string_view coyote) {
    return found(db, catalina, coyote).size();
  };
  constexpr std::string_view kCatalina = "tomcat/lib/catalina.jar", kCoyote = "tomcat/lib/tomcat-coyote.jar";
  EXPECT_EQ(found(db, kCatalina, kCoyote), Names{"tomcat-coyote GHSA-5,GHSA-6 tomcat-coyote tomcat"});
  EXPECT_EQ(count("lib/tomcat-catalina-9.0.30.jar", "lib/tomcat-coyote-9.0.30.jar"), 1U);
  EXPECT_EQ(count("catalina.jar", "tomcat-coyote.jar"), 1U);
  EXPECT_EQ(count("app.war", "app.war"), 1U);
  EXPECT_EQ(count(kCatalina, "other/lib/tomcat-coyote.jar"), 2U) << "of another Tomcat";
  EXPECT_EQ(count("webapps/b.war", "webapps/a.war"), 2U) << "in archives that lie beside each other";
  EXPECT_EQ(count("apps/b.jar", "apps/a.jar"), 2U);
  EXPECT_EQ(count("", ""), 2U) << "nobody says where";
  EXPECT_EQ(found(db, kCatalina, kCoyote, "9.0.29").size(), 2U) << "another release";
  EXPECT_EQ(found(db, kCatalina, kCoyote, "9.0.31").size(), 1U);

  const auto kept = [&](const Advisory& of_whole, const Advisory& of_jar) {
    return found(TemporaryDb({of_whole, of_jar}), kCatalina, kCoyote).size();
  };
  const auto of = [](std::string_view name, std::string fix, std::string severity) {
    Advisory one = record("GHSA-" + std::string(name), "GitHub",
                          {affected("Maven", "org.apache.tomcat:" + std::string(name), std::move(fix))});
    if (!severity.empty()) one.vectors = {std::move(severity)};
    return one;
  };
  const std::string high = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
  const std::string low = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
  Inventory seen;  // in the bytes of a jar alone
  for (const char* name : {"tomcat-catalina", "tomcat-coyote"}) {
    seen.packages.push_back({.type = "maven",
                             .name = "org.apache.tomcat:" + std::string(name),
                             .version = "9.0.30",
                             .path = Path("app.jar")});
  }
  EXPECT_EQ(db.match(seen).list.size(), 1U);
  seen.packages.back().by_content = true;
  EXPECT_EQ(db.match(seen).list.size(), 2U) << "less sure";
  EXPECT_EQ(kept(of("tomcat", "9.0.31", ""), of("tomcat-coyote", "9.0.35", "")), 1U);
  EXPECT_EQ(kept(of("tomcat", "9.0.35", ""), of("tomcat-coyote", "9.0.31", "")), 2U) << "a lower fix";
  EXPECT_EQ(kept(of("tomcat", "", ""), of("tomcat-coyote", "9.0.31", "")), 2U);
  EXPECT_EQ(kept(of("tomcat", "9.0.31", low), of("tomcat-coyote", "9.0.31", high)), 1U);
  EXPECT_EQ(kept(of("tomcat", "9.0.31", high), of("tomcat-coyote", "9.0.31", low)), 2U) << "milder";
}

// Both sources are listed: ffmpeg 5.1.6-1.1.mga9 of core, and that of tainted.
TEST(Rules, mageia_s_tainted_builds_fix_nothing_in_core) {
  const TemporaryDb db({record("MGASA-2025-0001", "Mageia",
                               {affected("Mageia:9", "ffmpeg", "5.1.6-1.1.mga9"),
                                affected("Mageia:9", "ffmpeg", "5.1.6-1.1.mga9.tainted")})});
  const auto fixes = [&](const std::string& version) {
    Names all;
    const Package one{.type = "rpm",
                      .name = "libavcodec59",
                      .version = version,
                      .source = "ffmpeg",
                      .source_version = version};
    for (const Finding& found : db.match(on({.id = "mageia", .version_id = "9"}, {one})).list)
      all.push_back(found.fixed_in);
    return all;
  };
  EXPECT_EQ(fixes("5.1.6-1.1.mga9"), Names{});
  EXPECT_EQ(fixes("5.1.6-1.mga9"), Names{"5.1.6-1.1.mga9"});
  EXPECT_EQ(fixes("5.1.6-1.1.mga9.tainted"), Names{});
  EXPECT_EQ(fixes("5.1.6-1.mga9.tainted"), Names{"5.1.6-1.1.mga9.tainted"});
}

// CVE-2023-38545: of xenial's archive Ubuntu says "no longer supported", of its esm-infra "not affected".
TEST(Rules, what_ubuntu_pro_clears_is_no_finding_where_the_archive_has_only_ended) {
  const std::string archive = "Ubuntu:16.04:LTS", pro = "Ubuntu:Pro:16.04:LTS";
  const Distro xenial{.id = "ubuntu", .version_id = "16.04"};
  const Inventory image = on(xenial, {deb("curl", "7.47.0-1ubuntu2.19")});
  Affected ended = affected(archive, "curl");
  ended.standing = Standing::end_of_life;
  const Affected none = not_affected(pro, "curl");
  const Findings alone = TemporaryDb({record("UBUNTU-VEX-CVE-2024-10001", "Ubuntu", {ended})}).match(image);
  ASSERT_EQ(alone.list.size(), 1U);
  EXPECT_EQ(alone.list[0].standing, Standing::end_of_life);
  const Findings cleared =
      TemporaryDb({record("UBUNTU-VEX-CVE-2024-10001", "Ubuntu", {ended, none})}).match(image);
  EXPECT_TRUE(cleared.list.empty());
  ASSERT_EQ(cleared.suppressed.size(), 1U);
  EXPECT_EQ(cleared.suppressed[0].rule, Suppressed::Rule::overruled);
  EXPECT_TRUE(cleared.suppressed[0].reason.contains("of Ubuntu says not affected"))
      << cleared.suppressed[0].reason;
  // What the archive does say counts, and so does what Pro has a fix for.
  const Findings more =
      TemporaryDb({record("UBUNTU-VEX-CVE-2024-10001", "Ubuntu", {affected(archive, "curl"), none})})
          .match(image);
  EXPECT_EQ(more.list.size(), 1U);
  const Findings fixed = TemporaryDb({record("UBUNTU-VEX-CVE-2024-10001", "Ubuntu", {ended}),
                                      record("UBUNTU-CVE-2024-10001", "Ubuntu",
                                             {affected(pro, "curl", "7.47.0-1ubuntu2.19+esm1")})})
                             .match(image);
  ASSERT_EQ(fixed.list.size(), 1U);
  EXPECT_EQ(fixed.list[0].extended_fixes.size(), 1U);
}

}  // namespace
}  // namespace peekr
