// SPDX-License-Identifier: Apache-2.0
#include "service/concern.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

std::vector<std::string> told(const Inventory& inventory) {
  DbInfo info;
  for (const auto& [feed, name] :
       {std::pair("osv", "ubuntu"), std::pair("osv", "go"), std::pair("nvd", "nvd/2021"),
        std::pair("suse-vex", "suse-vex"), std::pair("debian-cves", "debian-cves"), std::pair("cve5", "cve5"),
        std::pair("alpine-secdb", "alpine/v3.18/main"), std::pair("fedora", "fedora/42"),
        std::pair("fedora", "epel/9"), std::pair("fedora", "epel/10z")}) {
    DbSource source{.name = name, .feed = feed, .fetched = "2026-11-25T00:00:00Z"};
    source.left_out = 1;
    info.sources.push_back(source);
  }
  std::vector<std::string> out;
  for (const Note& note : concerns_of(inventory, info).gaps) {
    const std::string rest = note.what.substr(std::string("advisories of ").size());
    out.push_back(rest.substr(0, rest.find(':')));
  }
  return out;
}

// The sources whose gaps are told of an image with such a package.
std::vector<std::string> told(const std::string& distro, const std::string& type,
                              const std::string& vendor = "") {
  Inventory inventory{.packages = {{.type = type, .name = "a", .version = "1", .vendor = vendor}}};
  inventory.distro = Distro{.id = distro, .version_id = distro == "ubuntu" ? "22.04" : "15.5"};
  if (distro == "rocky") inventory.distro->version_id = "9.4";
  return told(inventory);
}

TEST(Concern, sources_that_no_image_asks_for_are_told_of_where_they_judge) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(told("ubuntu", "deb"), (Names{"ubuntu", "cve5"}));  // what says more of any CVE, to every image
  EXPECT_EQ(told("debian", "deb"), (Names{"debian-cves", "cve5"}));
  EXPECT_EQ(told("sles", "rpm"), (Names{"suse-vex", "cve5"}));
  EXPECT_EQ(told("ubuntu", "golang"), (Names{"go", "cve5"}));
  EXPECT_EQ(told("ubuntu", "generic"), (Names{"nvd/2021", "cve5"}));
}

TEST(Concern, sources_of_epel_are_told_of_where_a_package_is_of_it) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(told("rocky", "rpm"), Names{"cve5"});
  EXPECT_EQ(told("rocky", "rpm", "Fedora Project"), (Names{"cve5", "epel/9"}));
}

TEST(Concern, what_was_built_of_files_is_named_by_its_feed_and_family) {
  const auto is_told = [](const std::string& feed, const std::string& name, const Distro& distro) {
    const Inventory inventory{.distro = distro, .packages = {{.type = "rpm", .name = "a", .version = "1"}}};
    DbSource source{.name = name, .feed = feed, .left_out = 1};
    return !concerns_of(inventory, {.sources = {source}}).gaps.empty();
  };
  const Distro fedora{.id = "fedora", .version_id = "42"}, amazon{.id = "amzn", .version_id = "2"};
  EXPECT_TRUE(is_told("fedora", "fedora/Fedora", fedora));
  EXPECT_FALSE(is_told("fedora", "fedora/EPEL", fedora));
  EXPECT_TRUE(is_told("amazon", "amazon/Amazon Linux", amazon));
  EXPECT_FALSE(is_told("fedora", "fedora/Fedora", amazon));
}

TEST(Concern, that_an_older_version_has_read_nvd_is_told_of_software_that_it_judges) {
  const auto remarks = [](const std::string& type, const std::string& revision) {
    const Inventory inventory{.packages = {{.type = type, .name = "perl", .version = "5.20.0"}}};
    DbSource source{.name = "nvd/2024", .feed = "nvd", .fetched = "2026-11-25T00:00:00Z"};
    source.state = {{"whole", "2026-11-25T00:00:00Z"}};
    if (!revision.empty()) source.state["revision"] = revision;
    return concerns_of(inventory, {.sources = {source}}).remarks.size();
  };
  EXPECT_EQ(remarks("generic", ""), 1U);
  EXPECT_EQ(remarks("generic", "1"), 1U);
  EXPECT_EQ(remarks("generic", "99"), 0U);
  EXPECT_EQ(remarks("npm", "1"), 0U);
}

TEST(Concern, a_topic_of_amazons_extras_that_is_fetched_by_nobody_is_told) {
  const Inventory inventory{.distro = Distro{.id = "amzn", .version_id = "2"},
                            .packages = {{.type = "rpm", .name = "php", .version = "7.4.33"}},
                            .repositories = {"amzn2extra-nginx1", "amzn2extra-php7.4"}};
  DbSource core{.name = "amazon/2/core", .feed = "amazon", .fetched = "2026-11-25T00:00:00Z"};
  const std::vector<Note> gaps = concerns_of(inventory, {.sources = {core}}).gaps;
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(
      gaps[0].what,
      "packages of amzn2extra-php7.4: peekr fetches no advisories of this topic of Amazon Linux 2's extras");
  core = {.name = "amazon/Amazon Linux", .feed = "amazon"};  // out of files
  EXPECT_TRUE(concerns_of(inventory, {.sources = {core}}).gaps.empty());
}

TEST(Concern, what_was_fetched_for_its_scores_alone_is_no_missing_advisory) {
  const auto concerns = [](const std::string& distro, DbSource source) {
    const Inventory inventory{
        .distro = Distro{.id = distro, .version_id = distro == "debian" ? "12" : "22.04"},
        .packages = {{.type = "deb", .name = "a", .version = "1"}}};
    return concerns_of(inventory, {.sources = {std::move(source)}});
  };
  DbSource held{.name = "osv/Debian",
                .feed = "osv",
                .fetched = "2026-11-25T00:00:00Z",
                .held = "still there: 1 of its 20 records",
                .left_out = 3};
  using Lines = std::vector<std::string>;
  const Concerns debian = concerns("debian", held);
  EXPECT_TRUE(debian.gaps.empty());
  EXPECT_EQ(
      debian.remarks,
      (Lines{"scores of osv/Debian are those of 2026-11-25: newer ones are held back: still there: 1 of "
             "its 20 records",
             "scores of osv/Debian: 3 of them could not be read whole"}));
  EXPECT_EQ(concerns("ubuntu", held).remarks, Lines{});
  held.name = "osv/Ubuntu";
  EXPECT_EQ(concerns("ubuntu", held).gaps.size(), 2U);
  DbSource built = held;
  built.name = "osv/Debian";
  built.fetched = "";  // all that the database may have of Debian
  EXPECT_EQ(concerns("debian", built).gaps.size(), 2U);
}

// What is told of an image with software that was recognised by its bytes, and these sources, "feed name" each.
std::vector<std::string> told_of_software(const std::vector<std::string>& cpes,
                                          const std::vector<std::pair<std::string, std::string>>& sources) {
  const Inventory inventory{
      .packages = {{.type = "generic", .name = "perl", .version = "5.20.0", .cpes = cpes},
                   {.type = "npm", .name = "a", .version = "1", .cpes = cpes}}};
  DbInfo info;
  for (const auto& [feed, name] : sources) info.sources.push_back({.name = name, .feed = feed});
  std::vector<std::string> out;
  for (const Note& note : concerns_of(inventory, info).gaps) out.push_back(note.what);
  return out;
}

TEST(Concern, that_nvd_is_not_there_is_told_of_software_that_it_judges) {
  using Names = std::vector<std::string>;
  const Names perl = {"cpe:2.3:a:perl:perl:5.20.0:*:*:*:*:*:*:*"};
  const Names missing = {
      "perl 5.20.0: software that no package manager installed is judged by NVD, which the database does not "
      "have: peekr db update --feeds nvd"};
  EXPECT_EQ(told_of_software(perl, {{"osv", "osv/Bitnami"}, {"nvd", "nvd/overrides"}}), missing);
  EXPECT_EQ(told_of_software(perl, {{"nvd", "nvd/2024"}}), Names{});
  EXPECT_EQ(told_of_software(perl, {{"nvd", "nvd"}}), Names{}) << "built out of files";
  EXPECT_EQ(told_of_software({}, {}), Names{});
}

}  // namespace
}  // namespace peekr
