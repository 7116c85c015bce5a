// SPDX-License-Identifier: Apache-2.0
// The feeds of rpm distributions: what fixtures cannot show, and the real documents of the shared data, counted.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "feed/affected.h"
#include "feed/feed.h"
#include "feed/suse.h"
#include "feed/updateinfo.h"
#include "feed/words.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

Published parse(std::string_view name, std::string_view bytes) {
  Published all;
  const Feed* feed = feed_of(name, bytes);
  EXPECT_NE(feed, nullptr) << name;
  if (feed != nullptr) feed->parse(name, bytes, all);
  return all;
}

TEST(Words, dates_of_many_spellings) {
  EXPECT_EQ(rfc3339("2018-02-07 18:49"), "2018-02-07T18:49:00Z");
  EXPECT_EQ(rfc3339(" 2021-04-30 "), "2021-04-30T00:00:00Z");
  EXPECT_EQ(rfc3339("2025-06-11T19:52:52Z"), "2025-06-11T19:52:52Z");
  EXPECT_EQ(rfc3339("2024-08-22T19:20:09.516938+00:00"), "2024-08-22T19:20:09Z");
  EXPECT_EQ(rfc3339("2024-08-22T19:20:09+02:00"), "2024-08-22T19:20:09+02:00");
  for (const char* bad :
       {"", "soon", "2024", "2024-08-22T", "2024-08-22 1:2", "2024-08-22T10:00:00 CET", "2024-08-22x"}) {
    EXPECT_EQ(rfc3339(bad), "") << bad;
  }
}

TEST(Words, cves_stand_in_texts) {
  EXPECT_EQ(cves_in("CVE-2022-37436 httpd, (CVE-2006-20001); CVE-2022-37436 again"),
            (Lines{"CVE-2022-37436", "CVE-2006-20001"}));
  EXPECT_EQ(cves_in("XCVE-2022-1234 CVE-22-1234 CVE-2022-123 CVE-"), Lines{});
}

TEST(Affected, entries_that_differ_in_their_architecture_are_one) {
  const auto entry = [](const char* package, Lines arches, const char* fix) {
    return Affected{.ecosystem = "E",
                    .package = package,
                    .ranges = {{"ECOSYSTEM", {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, fix}}}},
                    .arches = std::move(arches)};
  };
  std::vector<Affected> all = {entry("b", {"x86_64"}, "1"), entry("a", {"x86_64"}, "1"),
                               entry("b", {"aarch64"}, "1"), entry("b", {"s390x"}, "2"), entry("a", {}, "1")};
  merge_architectures(all);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].arches, Lines{});  // one of all architectures
  EXPECT_EQ(all[1].arches, (Lines{"aarch64", "x86_64"}));
  EXPECT_EQ(all[2].arches, Lines{"s390x"});
}

TEST(Updateinfo, a_module_stands_beside_its_packages) {
  const Published all = parse("u.xml", R"(<updates><update type="security"><id>FEDORA-2022-1</id><pkglist>
    <collection short="F35"><module name="nodejs" stream="16" version="3520220101000000" context="f27b74a8" arch="x86_64"/>
    <package name="nodejs" epoch="1" version="16.13.2" release="1.module_f35+1+2.fc35" arch="x86_64"/></collection>
    </pkglist></update></updates>)");
  ASSERT_EQ(all.advisories.size(), 1u);
  EXPECT_EQ(all.advisories[0].affected.at(0).module, "nodejs:16");
  EXPECT_EQ(all.advisories[0].affected.at(0).ecosystem, "Fedora:35");
}

TEST(Updateinfo, empty_is_what_has_no_update_however_its_tag_is_spaced) {
  EXPECT_TRUE(updateinfo::is_empty("<?xml version=\"1.0\" ?>\n<updates></updates>"));
  EXPECT_TRUE(updateinfo::is_empty("<updates/>"));
  for (const char* tag :
       {"<update>", "<update type='x'>", "<update\n type='x'>", "<update\ttype='x'>", "<update/>", "<update"})
    EXPECT_FALSE(updateinfo::is_empty(std::string("<updates>") + tag)) << tag;
  EXPECT_FALSE(updateinfo::is_empty("<html></html>"));
}
TEST(Updateinfo, epel_10_has_minor_releases) {
  const auto ecosystem = [](const std::string& release) {
    const Published all =
        parse("u.xml", R"(<updates><update type="security"><id>FEDORA-EPEL-2025-1</id><pkglist>
      <collection><package name="bfs" epoch="0" version="4.0.7" release=")" +
                           release + R"(" arch="x86_64"/></collection></pkglist></update></updates>)");
    return all.advisories.size() == 1 ? all.advisories[0].affected.at(0).ecosystem : "none";
  };
  EXPECT_EQ(ecosystem("1.el9"), "EPEL:9");
  EXPECT_EQ(ecosystem("1.el10_1"), "EPEL:10");
}

TEST(Bodhi, epel_10_has_minor_releases) {
  const Published all =
      parse("page.json", R"({"updates": [{"alias": "FEDORA-EPEL-2025-0984fb1c8d", "type": "security",
    "status": "stable", "display_name": "", "title": "bfs-4.0.7-1.el10_0", "notes": "CVE-2024-10001",
    "date_submitted": "2025-07-01 00:00:00", "release": {"version": "10.0", "id_prefix": "FEDORA-EPEL"},
    "builds": [{"nvr": "bfs-4.0.7-1.el10_0", "type": "rpm", "epoch": 0}]}]})");
  ASSERT_EQ(all.advisories.size(), 1u);
  EXPECT_EQ(all.advisories[0].affected.at(0).ecosystem, "EPEL:10");
}

TEST(Amazon, topics_of_extras_speak_of_no_older_line_that_core_has) {
  const auto introduced = [](const std::string& id, const std::string& version,
                             const std::string& name = "p") {
    const Published all =
        parse("u.xml", "<updates><update type=\"security\"><id>" + id +
                           "</id><pkglist><collection><package name=\"" + name + "\" epoch=\"1\" version=\"" +
                           version + "\" release=\"1.amzn2\"/></collection></pkglist></update></updates>");
    return all.advisories.size() == 1 ? all.advisories[0].affected.at(0).ranges.at(0).events.at(0).version
                                      : "none";
  };
  EXPECT_EQ(introduced("ALASKERNEL-5.10-2022-005", "5.10.62"), "1:5.10");
  EXPECT_EQ(introduced("ALAS2KERNEL-5.10-2025-090", "5.10.62"), "1:5.10");
  EXPECT_EQ(introduced("ALASKERNEL-5.10-2022-005", "5.100"), "1:5.100");
  EXPECT_EQ(introduced("ALASRUBY2.6-2023-001", "2.6.10"), "1:2.6");
  EXPECT_EQ(introduced("ALASRUBY2.6-2023-001", "3.0.3.1", "rubygems"), "1:3.0");
  EXPECT_EQ(introduced("ALASRUBY2.6-2023-001", "0.4.7", "rubygem-io-console"),
            "1:0.4");  // an older one of the topic's, too
  EXPECT_EQ(introduced("ALASRUBY2.6-2023-001", "4_beta", "rubygem-x"), "1:4");
  EXPECT_EQ(introduced("ALASRUBY2.6-2023-001", "beta", "rubygem-x"), "0");
  EXPECT_EQ(introduced("ALASMARIADB10.5-2022-001", "26.4.12", "galera"), "1:26.4");
  // Names that core cannot have.
  EXPECT_EQ(introduced("ALASKERNEL-5.10-2022-005", "1.0", "kernel-livepatch-5.10.59-52.142"), "0");
  EXPECT_EQ(introduced("ALASPYTHON3.8-2023-001", "20.0.2", "python38-pip"), "0");
  EXPECT_EQ(introduced("ALASCORRETTO8-2023-001", "1.8.0_372", "java-1.8.0-amazon-corretto"), "0");
  EXPECT_EQ(introduced("ALASMATE-DESKTOP1.X-2022-001", "1.4.2"), "1:1");
  EXPECT_EQ(introduced("ALASDOCKER-2022-001", "20.10"), "0");
  EXPECT_EQ(introduced("ALAS2-2018-942", "2.1"), "0");
  EXPECT_EQ(introduced("ALAS2023-2023-001", "2023.1"), "0");
}

// ---- the real documents

class RealDocuments : public testing::Test {
 protected:
  void SetUp() override {
    const char* set = std::getenv("PEEKR_SHARED");
    feeds_ = fs::path(set != nullptr ? set : std::string(PEEKR_SOURCE_DIR) + "/../shared") / "feeds";
    if (fs::exists(feeds_ / "samples")) return;
    std::printf("skipped: no shared data\n");
    GTEST_SKIP() << "skipped: no shared data";
  }
  void TearDown() override { fs::remove_all(folder_); }

  // A file of an archive of the shared data, unpacked by the tool that its ending names.
  std::string read(const std::string& archive, const std::string& member) {
    fs::create_directories(folder_);
    const std::string out = (folder_ / "out").native();
    std::string command = "tar --zstd -xOf '" + (feeds_ / archive).native() + "' '" + member + "'";
    if (member.ends_with(".gz")) command += " | gzip -dc";
    if (member.ends_with(".bz2")) command += " | bzip2 -dc";
    EXPECT_EQ(std::system((command + " > '" + out + "'").c_str()), 0) << command;
    std::ifstream in(out, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
  }
  Published parse_member(const std::string& archive, const std::string& member) {
    return parse(member, read(archive, member));
  }

 private:
  fs::path feeds_,
      folder_ = fs::temp_directory_path() / ("peekr-real-documents-" + std::to_string(::getpid()));
};

struct Counts {
  std::size_t advisories = 0, affected = 0, notes = 0;
  bool operator==(const Counts&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << counts.advisories << " advisories, " << counts.affected << " entries, " << counts.notes
             << " notes";
}

Counts counts(const Published& all) {
  Counts sum{all.advisories.size(), 0, all.notes.size()};
  for (const Advisory& one : all.advisories) sum.affected += one.affected.size();
  return sum;
}

std::size_t of_standing(const Published& all, Standing standing) {
  std::size_t sum = 0;
  for (const Advisory& one : all.advisories) {
    sum += static_cast<std::size_t>(std::ranges::count(one.affected, standing, &Affected::standing));
  }
  return sum;
}

// MANIFEST.md: 1222, 2252 and 2436 definitions.
TEST_F(RealDocuments, azure_linux_every_definition_is_one_advisory_with_one_entry) {
  const std::string archive = "native/azurelinux/oval.tar.zst";
  const std::map<std::string, Counts> known = {{"azurelinux-3.0-oval.xml", {1222, 1222, 0}},
                                               {"cbl-mariner-1.0-oval.xml", {2252, 2252, 0}},
                                               {"cbl-mariner-2.0-oval.xml", {2436, 2436, 0}}};
  const std::map<std::string, std::size_t> denied = {
      {"azurelinux-3.0-oval.xml", 1}, {"cbl-mariner-1.0-oval.xml", 78}, {"cbl-mariner-2.0-oval.xml", 132}};
  for (const auto& [member, expected] : known) {
    const Published all = parse_member(archive, member);
    EXPECT_EQ(counts(all), expected) << member;
    EXPECT_EQ(of_standing(all, Standing::not_affected), denied.at(member)) << member;  // "Not Applicable"
  }
}

constexpr const char* kVunnel = "samples/vunnel.tar.zst";
constexpr const char* kVulnList = "samples/vuln-list-update.tar.zst";
constexpr const char* kClair = "samples/claircore.tar.zst";

struct Document {
  const char *archive, *member;
  Counts expected;
};

Lines notes_of(const Published& all) {
  Lines lines;
  for (const Note& note : all.notes) lines.push_back(note.what);
  return lines;
}

TEST_F(RealDocuments, updateinfo_of_amazon_and_bottlerocket) {
  const std::string amazon = "amazon/testdata/fixtures/updateinfo_";
  EXPECT_EQ(counts(parse_member(kVulnList, amazon + "1_item.xml.gz")), (Counts{1, 13, 0}));
  EXPECT_EQ(counts(parse_member(kVulnList, amazon + "2_items.xml.gz")), (Counts{2, 22, 0}));
  EXPECT_EQ(counts(parse_member(kVulnList, amazon + "AL2022.xml.gz")), (Counts{1, 12, 0}));
  EXPECT_EQ(counts(parse_member(kVulnList, amazon + "AL2023.xml.gz")), (Counts{1, 21, 0}));
  const Published all = parse_member(kVulnList, "bottlerocket/testdata/updateinfo.xml.gz");
  EXPECT_EQ(counts(all), (Counts{2, 4, 0}));
}

TEST_F(RealDocuments, bodhi_of_fedora_and_epel) {
  const std::string folder = "tests/unit/providers/fedora/test-fixtures/";
  Published all;
  for (const char* member :
       {"input/FEDORA-2025-aaa1111111.json", "input/FEDORA-2025-bbb2222222.json",
        "input/FEDORA-2025-ccc3333333.json", "input/FEDORA-2025-ddd4444444.json",
        "merge-input/FEDORA-EPEL-2017-a8886eb42e.json", "merge-input/FEDORA-2023-f6ff3f85eb.json",
        "merge-input/FEDORA-EPEL-2014-4901.json", "merge-input/FEDORA-2014-15583.json",
        "merge-input/FEDORA-2023-6d4055d482.json", "merge-input/FEDORA-2015-3186.json"}) {
    Published one = parse_member(kVunnel, folder + member);
    ASSERT_EQ(one.advisories.size(), 1u) << member;
    EXPECT_FALSE(one.advisories[0].upstream.empty()) << member;
    all.advisories.push_back(std::move(one.advisories[0]));
    EXPECT_EQ(notes_of(one), Lines{});
  }
  EXPECT_EQ(counts(all), (Counts{10, 11, 0}));
}

TEST_F(RealDocuments, oval_of_oracle_and_suse) {
  const std::string oracle = "oracle/oval/testdata/";
  EXPECT_EQ(counts(parse_member(kVulnList, oracle + "ELSA-2007-0057.xml")), (Counts{1, 8, 0}));
  EXPECT_EQ(counts(parse_member(kVulnList, oracle + "elsa-2018-1196-1.xml.bz2")), (Counts{1, 18, 0}));
  EXPECT_EQ(counts(parse_member(kVulnList, oracle + "invalid-title-format.xml.bz2")), (Counts{2, 16, 0}));
  // Fourteen definitions whose tests were cut off, which each of them says.
  EXPECT_EQ(counts(parse_member(kVulnList, oracle + "all-positive-data.xml.bz2")), (Counts{0, 0, 28}));
  // Cut, too, by hand: 29 tests of two definitions are gone; the states of krb5 compare by "6".
  const Published suse = parse_member(kVunnel, "tests/unit/providers/sles/test-fixtures/suse_truncated.xml");
  EXPECT_EQ(counts(suse), (Counts{3, 6, 11}));
  EXPECT_EQ(of_standing(suse, Standing::not_affected), 3u);
}

TEST_F(RealDocuments, vex_of_red_hat) {
  const std::string vex = "rhel/vex/testdata/cve-";
  for (const auto& [member, expected] : std::map<std::string, Counts>{
           {"2022-38752", {1, 2366, 1}},  // ten components without a purl
           {"2023-38545", {1, 330, 0}},
           {"2023-4154", {1, 165, 0}},
           {"2023-42670", {1, 165, 0}},
           {"2024-24786-bad-rpmmod", {1, 2, 1}},  // "rhel10" is no module with a stream
           {"2024-24786-illegal-module", {1, 1, 0}},
           {"2024-24786-simple", {1, 1, 0}}}) {
    const Published all = parse_member(kClair, vex + member + ".json");
    EXPECT_EQ(counts(all), expected) << member << ": " << (all.notes.empty() ? "" : all.notes[0].what);
  }
}

TEST(Suse, what_only_some_of_a_service_pack_get_is_kept_beside_what_all_get) {
  std::vector<std::string> unknown;
  using Names = std::vector<std::string>;
  EXPECT_EQ(suse::ecosystems_of(
                {"SUSE Linux Enterprise Real Time 15 SP3", "SUSE Linux Enterprise Server 15 SP3-LTSS",
                 "SUSE Linux Enterprise Server for SAP Applications 15 SP3"},
                unknown),
            (Names{"SUSE:Linux Enterprise Real Time 15 SP3", "SUSE:Linux Enterprise Server 15 SP3-LTSS",
                   "SUSE:Linux Enterprise Server for SAP Applications 15 SP3"}));
  EXPECT_EQ(suse::ecosystems_of({"SUSE Linux Enterprise Server LTSS Extended Security 12 SP5",
                                 "SUSE Linux Enterprise Software Development Kit 12 SP5",
                                 "SUSE Linux Enterprise Server 12 SP5"},
                                unknown),
            (Names{"SUSE:Linux Enterprise Server LTSS Extended Security 12 SP5",
                   "SUSE:Linux Enterprise Server 12 SP5"}));
  EXPECT_TRUE(unknown.empty());
}

}  // namespace
}  // namespace peekr
