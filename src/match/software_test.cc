// SPDX-License-Identifier: Apache-2.0
// The rules of docs/matching.md about software that is a package of no ecosystem, against real databases.
#include <gtest/gtest.h>

#include "match/test_rules.h"

namespace peekr {
namespace {

// What nvd-data-overrides says of a CVE stands instead of NVD's configurations of it.
TEST(Rules, corrections_of_nvd_s_configurations_count_instead_of_them) {
  const auto curl = [](std::string version) {
    Package one{.type = "generic", .name = "curl", .version = version, .path = Path("usr/bin/curl")};
    one.cpes = {cpe_name("haxx", "curl", version)};
    one.by_content = true;
    return one;
  };
  const Advisory nvd = record("NVD-CVE-2024-10001", "NVD", {affected("CPE", "haxx:curl")});
  const auto with = [&](Affected said) {
    return std::vector{nvd, record("ANCHORE-CVE-2024-10001", "Anchore", {std::move(said)})};
  };
  const Affected range = affected("CPE", "haxx:curl", "7.36.0");
  Affected windows = affected("CPE", "haxx:curl");
  windows.systems = {"windows"};

  const Findings fixed = TemporaryDb(with(range)).match({.packages = {curl("8.5.0")}});
  EXPECT_TRUE(fixed.list.empty());
  ASSERT_EQ(fixed.suppressed.size(), 1U);
  EXPECT_EQ(fixed.suppressed[0].rule, Suppressed::Rule::overruled);
  EXPECT_EQ(fixed.suppressed[0].reason,
            "ANCHORE-CVE-2024-10001 of Anchore says affected: >= 0, < 7.36.0, which overrules "
            "NVD-CVE-2024-10001");
  EXPECT_EQ(fixed.suppressed[0].finding.decided_by,
            "Anchore corrects NVD's configurations, and its own count instead");
  const Findings old = TemporaryDb(with(range)).match({.packages = {curl("7.35.0")}});
  ASSERT_EQ(old.list.size(), 1U);
  EXPECT_EQ(old.list[0].fixed_in, "7.36.0");

  struct Row {
    Affected said;
    std::string says;
  };
  for (const Row& row : {Row{windows, "affected on other systems alone"},
                         Row{affected("CPE", "haxx:other"), "it is in haxx:other, not in this package"}}) {
    const Findings other = TemporaryDb(with(row.said)).match({.packages = {curl("8.5.0")}});
    EXPECT_TRUE(other.list.empty()) << row.says;
    ASSERT_EQ(other.suppressed.size(), 1U) << row.says;
    ASSERT_EQ(other.suppressed[0].finding.dissents.size(), 1U);
    EXPECT_EQ(other.suppressed[0].finding.dissents[0].says, row.says);
  }

  // Bitnami does not tell systems apart, and NVD does.
  Advisory elsewhere = nvd;
  elsewhere.affected = {windows};
  const Advisory bitnami = record("BIT-curl-2024-10001", "Bitnami", {affected("Bitnami", "curl")});
  const Findings on_windows = TemporaryDb({elsewhere, bitnami}).match({.packages = {curl("8.5.0")}});
  EXPECT_TRUE(on_windows.list.empty());
  ASSERT_EQ(on_windows.suppressed.size(), 1U);
  EXPECT_EQ(on_windows.suppressed[0].reason,
            "NVD-CVE-2024-10001 of NVD says affected on other systems alone, which overrules "
            "BIT-curl-2024-10001");
  Package exe = curl("8.5.0");
  exe.path = Path("app/curl.exe");
  EXPECT_EQ(TemporaryDb({elsewhere, bitnami}).match({.packages = {exe}}).list.size(), 1U);

  // Others than NVD are not corrected by it.
  std::vector<Advisory> all = with(range);
  all.push_back(bitnami);
  const Findings both = TemporaryDb(all).match({.packages = {curl("8.5.0")}});
  ASSERT_EQ(both.list.size(), 1U);
  EXPECT_EQ(both.list[0].proofs.size(), 1U);
  EXPECT_EQ(both.list[0].dissents.size(), 2U);
}

// What was not read of it, or names no version, may be what NVD's word is about.
TEST(Rules, corrections_that_were_not_read_whole_leave_nvd_s_word_as_it_is) {
  Package curl{.type = "generic", .name = "curl", .version = "8.5.0", .path = Path("usr/bin/curl")};
  curl.cpes = {cpe_name("haxx", "curl", "8.5.0")};
  curl.by_content = true;
  const Affected lost{.ecosystem = "CPE"}, bare{.ecosystem = "CPE", .package = "haxx:curl"};
  Affected windows = affected("CPE", "haxx:curl");
  windows.systems = {"windows"};
  struct Row {
    std::string what;
    std::vector<Affected> said;
  };
  for (const Row& row :
       {Row{"another, and what is lost", {affected("CPE", "haxx:other"), lost}},
        Row{"other versions, and what is lost", {affected("CPE", "haxx:curl", "7.36.0"), lost}},
        Row{"other systems, and what is lost", {windows, lost}},
        Row{"for some target software", {affected("CPE", "haxx:curl:node.js")}}, Row{"no version", {bare}},
        Row{"another without a version", {{.ecosystem = "CPE", .package = "haxx:other"}}}}) {
    const TemporaryDb db({record("NVD-CVE-2024-10001", "NVD", {affected("CPE", "haxx:curl")}),
                          record("ANCHORE-CVE-2024-10001", "Anchore", row.said)});
    EXPECT_EQ(db.match({.packages = {curl}}).list.size(), 1U) << row.what;
  }
}

// A document need not say of which system what it lists is.
TEST(Rules, software_of_a_document_without_a_distribution_may_be_of_any_system) {
  Affected windows = affected("CPE", "haxx:curl");
  windows.systems = {"windows"};
  const TemporaryDb db({record("NVD-CVE-2024-10001", "NVD", {windows}),
                        record("BIT-curl-2024-10001", "Bitnami", {affected("Bitnami", "curl")})});
  Package curl{.type = "generic", .name = "curl", .version = "8.5.0", .path = Path("bom.json")};
  curl.cpes = {cpe_name("haxx", "curl", "8.5.0")};
  const auto found = [&](Inventory inventory) { return db.match(inventory).list.size(); };
  EXPECT_EQ(found({.packages = {curl}}), 1U);
  EXPECT_EQ(found({.distro = Distro{.id = "windows", .version_id = "10"}, .packages = {curl}}), 1U);
  EXPECT_EQ(found({.distro = Distro{.id = "debian", .version_id = "12"}, .packages = {curl}}), 0U);
  EXPECT_EQ(found({.distro = Distro{.id = "own", .path = Path("etc/os-release")}, .packages = {curl}}), 0U);
  curl.by_content = true;  // of an image without a release file
  curl.path = Path("usr/bin/curl");
  EXPECT_EQ(found({.packages = {curl}}), 0U);
}

// An SBOM of an image does not make it surer.
TEST(Rules, software_is_as_sure_in_an_sbom_as_in_the_image) {
  const TemporaryDb db({record("NVD-CVE-2024-10001", "NVD", {affected("CPE", "haxx:curl", "7.36.0")}),
                        record("BIT-redis-2024-1", "Bitnami", {affected("Bitnami", "redis", "7.0.11")})});
  Package curl{.type = "generic", .name = "curl", .version = "7.35.0", .path = Path("usr/bin/curl")};
  curl.cpes = {cpe_name("haxx", "curl", "7.35.0")};
  curl.by_content = true;
  const Findings seen = db.match({.packages = {curl}});
  ASSERT_EQ(seen.list.size(), 1U);
  EXPECT_EQ(seen.list[0].confidence, Confidence::potential);
  curl.by_content = false;
  const Package redis{.type = "github", .name = "redis", .version = "7.0.5", .path = Path("bom.json")};
  const Findings said = db.match({.packages = {curl, redis}});
  ASSERT_EQ(said.list.size(), 2U);
  EXPECT_EQ(said.list[0].confidence, Confidence::potential);
  EXPECT_EQ(said.list[0].confidence_by, "known as haxx:curl alone: it is a package of no ecosystem");
  EXPECT_EQ(said.list[1].confidence, Confidence::potential);
  EXPECT_EQ(said.list[1].confidence_by, "known as redis alone: it is a package of no ecosystem");
}

}  // namespace
}  // namespace peekr
