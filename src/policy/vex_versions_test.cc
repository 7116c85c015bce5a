// SPDX-License-Identifier: Apache-2.0
// Of which versions of a package or an image a CycloneDX document speaks.
#include <gtest/gtest.h>

#include <string>

#include "policy/test_vex.h"

namespace peekr {
namespace {

TEST(CycloneDxVex, a_range_of_a_source_rpm_is_one_of_versions_without_their_epoch) {
  const auto on = [](std::string_view range, std::string_view product = "openssl",
                     std::optional<std::uint32_t> epoch = 1) {
    Report one;
    one.inventory.distro = Distro{.id = "rhel", .version_id = "9"};
    one.inventory.packages = {{.type = "rpm",
                               .name = "openssl-libs",
                               .version = "3.0.7-27",
                               .epoch = epoch,
                               .source = "openssl",
                               .source_version = "3.0.7-27"}};
    one.findings.list = {{.id = "CVE-1"}};
    return verdict(
        one, cyclonedx(R"({"id": "CVE-1", "affects": [{"ref": "pkg:rpm/redhat/)" + std::string(product) +
                       R"(", "versions": [{"range": ")" + std::string(range) +
                       R"(", "status": "unaffected"}]}], "analysis": {"state": "not_affected"}})"));
  };
  EXPECT_TRUE(on("vers:rpm/<1:3.0.7-1").ends_with(": another version; found is openssl-libs 1:3.0.7-27"))
      << on("vers:rpm/<1:3.0.7-1");
  EXPECT_EQ(on("vers:rpm/>=1:3.0.7-27"), "gone");
  EXPECT_TRUE(on("vers:rpm/<1:3.0.8|>=2:1.0").contains("no place in that range"));
  EXPECT_NE(on("vers:rpm/<1:3.0.7-1", "openssl-libs", std::nullopt), "gone")
      << "of a document without epochs";
}

TEST(CycloneDxVex, no_range_has_the_versions_of_a_java_runtime) {
  const auto on = [](std::string_view range, const std::string& state) {
    Report one;
    one.inventory.packages = {{.type = "generic",
                               .name = "openjdk",
                               .version = "8.0.372+7",
                               .cpes = {"cpe:2.3:a:oracle:openjdk:8.0.372:*:*:*:*:*:*:*"}}};
    one.findings.list = {{.id = "CVE-1"}};
    const bool takes = state == "not_affected";
    const std::string whole =
        R"({"id": "CVE-1", "affects": [{"ref": "pkg:generic/openjdk"}], "analysis": {"state": "not_affected"}},)";
    return verdict(
        one,
        cyclonedx((takes ? "" : whole) +
                  R"({"id": "CVE-1", "affects": [{"ref": "pkg:generic/openjdk", "versions": [{"range": ")" +
                  std::string(range) + R"(", "status": ")" + (takes ? "unaffected" : "affected") +
                  R"("}]}], "analysis": {"state": ")" + state + "\"}}"));
  };
  EXPECT_TRUE(on("vers:generic/>=1.8.0_382", "not_affected").contains("no place in that range"));
  EXPECT_EQ(on("vers:generic/*", "not_affected"), "gone");
  EXPECT_NE(on("vers:generic/<1.8.0_382", "exploitable"), "gone");
}

TEST(CycloneDxVex, what_keeps_an_image_does_so_unless_its_versions_are_surely_others) {
  const auto kept = [](std::string_view component, std::string_view versions) {
    const std::string stated = R"({"id": "CVE-2025-1001", "affects": [{"ref": "app")";
    return verdict(image(), cyclonedx(stated + R"(}], "analysis": {"state": "not_affected"}},)" + stated +
                                          R"(, "versions": )" + std::string(versions) +
                                          R"(}], "analysis": {"state": "exploitable"}})",
                                      R"({"type": "container", "bom-ref": "app", )" + std::string(component) +
                                          "}")) != "gone";
  };
  const std::string tagged = R"("name": "registry.example/team/app", "version": "1.2")",
                    by_digest = R"("name": "app", "version": "sha256:)" + std::string(64, 'a') + "\"",
                    of_digest = R"([{"version": "sha256:)" + std::string(64, 'c') + "\"}]";
  EXPECT_TRUE(kept(tagged, R"([{"version": "1.2"}])"));
  EXPECT_FALSE(kept(tagged, R"([{"version": "1.3"}])"));
  EXPECT_FALSE(kept(tagged, R"([{"version": "1.2", "status": "unaffected"}])"));
  EXPECT_TRUE(kept(tagged, R"([{"version": "1.3"}, {"range": "<2"}])"));
  EXPECT_TRUE(kept(tagged, R"([{"version": "1.2", "status": "unaffected"}, {"version": "1.2"}])"));
  EXPECT_TRUE(kept(tagged, of_digest)) << "whose tag is not known";
  EXPECT_TRUE(kept(tagged, R"({"version": "1.2"})")) << "no list";
  EXPECT_TRUE(kept(by_digest, R"([{"version": "1.2"}])")) << "a tag of what is known by its digest alone";
  EXPECT_FALSE(kept(by_digest, of_digest));
}

TEST(CycloneDxVex, what_may_be_of_another_status_takes_no_image_out) {
  const std::string named = R"("purl": "pkg:oci/app@sha256:)" + std::string(64, 'a') +
                            R"(?repository_url=registry.example/team/app&tag=1.2")",
                    tagged = R"("name": "registry.example/team/app", "version": "1.2")";
  const auto gone = [&](const std::string& other, const std::string& component) {
    return verdict(image(), cyclonedx(R"({"id": "CVE-2025-1001", "affects": [{"ref": "app", "versions": [)"
                                      R"({"version": "1.2", "status": "unaffected"}, )" +
                                          other + R"(]}], "analysis": {"state": "not_affected"}})",
                                      R"({"type": "container", "bom-ref": "app", )" + component + "}")) ==
           "gone";
  };
  const std::string older = R"({"version": "sha256:)" + std::string(64, 'c') + R"(", "status": "affected"})";
  EXPECT_TRUE(gone(R"({"version": "1.3", "status": "affected"})", named));
  EXPECT_FALSE(gone(R"({"version": "1.2", "status": "affected"})", named));
  EXPECT_FALSE(gone(R"({"range": "<2", "status": "affected"})", named));
  EXPECT_FALSE(gone(R"({"version": "sha256:)" + std::string(64, 'a') + R"(", "status": "affected"})", named));
  EXPECT_TRUE(gone(older, named));
  EXPECT_FALSE(gone(older, tagged)) << "whose digest is not known";
}

TEST(CycloneDxVex, why_a_version_is_none_of_them_is_told) {
  const auto on = [](std::string_view ref, std::string_view versions) {
    return verdict(report(), cyclonedx(R"({"id": "CVE-2025-1001", "affects": [{"ref": ")" + std::string(ref) +
                                       R"(", "versions": [)" + std::string(versions) +
                                       R"(]}], "analysis": {"state": "not_affected"}})"));
  };
  EXPECT_EQ(
      on("pkg:npm/lodash@4.17.5", R"({"range": "vers:npm/<5", "status": "unaffected"})"),
      "stays; v.json: CVE-2025-1001: takes out nothing: pkg:npm/lodash@4.17.5: another version; found is "
      "lodash 4.17.4");
  EXPECT_TRUE(on("pkg:npm/lodash", R"({"range": "vers:npm/<4", "status": "unaffected"}, )"
                                   R"({"range": "before 5", "status": "unaffected"})")
                  .ends_with("takes out nothing: pkg:npm/lodash: it is of none of the versions there that "
                             "could be read; found is lodash 4.17.4"));
}

}  // namespace
}  // namespace peekr
