// SPDX-License-Identifier: Apache-2.0
#include "policy/baseline.h"

#include <gtest/gtest.h>

#include "policy/policy.h"

namespace peekr {
namespace {

std::string report(std::string_view findings, std::string_view more = "") {
  return R"({"schema_version": 1, "created": "2026-01-01T00:00:00Z")" + std::string(more) +
         R"(, "findings": )" + std::string(findings) + "}";
}

std::string error(const std::string& json) {
  const Result<Baseline> baseline = read_baseline(json);
  return baseline ? "read" : baseline.error().message;
}

TEST(Baseline, a_finding_is_known_by_each_of_its_names) {
  const Result<Baseline> baseline = read_baseline(report(
      R"([{"id": "CVE-1", "package": {"type": "deb", "name": "a"}, "names": [{"id": "DSA-1"}]}])",
      R"(, "suppressed": [{"rule": "vex"}, {"rule": "baseline", "id": "CVE-2", "package": {"type": "deb", "name": "a"}}])"));
  ASSERT_TRUE(baseline) << baseline.error().message;
  EXPECT_EQ(baseline->known.size(), 3u);
  EXPECT_TRUE(is_known(*baseline, {.id = "DSA-1"}, {.type = "deb", .name = "a"}));
  EXPECT_FALSE(is_known(*baseline, {.id = "DSA-1"}, {.type = "rpm", .name = "a"}));
  EXPECT_FALSE(
      is_known(*baseline, {.id = "CVE-1", .kind = Advisory::Kind::malware}, {.type = "deb", .name = "a"}));
}

TEST(Baseline, that_of_another_image_is_told) {
  const auto remark = [](const std::string& of, const ImageInfo& image) {
    Result<Baseline> baseline = read_baseline(report("[]", R"(, "image": )" + of));
    if (!baseline) return baseline.error().message;
    baseline->file = "b.json";
    return remark_on(*baseline, image);
  };
  const std::string app = R"({"name": "registry.example:5000/team/app:1@sha256:00", "kind": "registry"})";
  EXPECT_EQ(remark(app, {.name = "mirror.example/app:2", .kind = "registry"}), "");
  EXPECT_EQ(remark(app, {.name = "app.cdx.json", .kind = "sbom"}), "");
  EXPECT_EQ(remark(R"({"name": "app.cdx.json", "kind": "sbom"})", {.name = "app"}), "");
  EXPECT_EQ(remark("{}", {.name = "app"}), "");
  EXPECT_EQ(
      remark(R"({"name": "oci-dir:out/app:1", "kind": "oci-dir"})", {.name = "app:2", .kind = "docker"}), "");
  EXPECT_NE(remark(R"({"name": "rootfs:node", "kind": "rootfs"})", {.name = "rootfs:min", .kind = "rootfs"}),
            "");
  EXPECT_EQ(remark("7", {.name = "app"}), "");
  EXPECT_EQ(
      remark(R"({"name": "images/node", "kind": "oci-dir"})", {.name = "images/min", .kind = "oci-dir"}),
      "b.json: is a report on images/node, not on images/min: what that has, too, counts as known");
}

TEST(Baseline, a_package_is_the_same_however_its_name_is_spelled) {
  const Result<Baseline> baseline =
      read_baseline(report(R"([{"id": "CVE-1", "package": {"type": "pypi", "name": "Typing_Extensions"}}])"));
  ASSERT_TRUE(baseline) << baseline.error().message;
  EXPECT_TRUE(is_known(*baseline, {.id = "CVE-1"}, {.type = "pypi", .name = "typing-extensions"}));
  const Result<Baseline> npms =
      read_baseline(report(R"([{"id": "CVE-1", "package": {"type": "npm", "name": "JSONStream"}}])"));
  ASSERT_TRUE(npms) << npms.error().message;
  EXPECT_TRUE(is_known(*npms, {.id = "CVE-1"}, {.type = "npm", .name = "JSONStream"}));
  EXPECT_FALSE(is_known(*npms, {.id = "CVE-1"}, {.type = "npm", .name = "jsonstream"})) << "another package";
}

// What is not read would be new each time, or known for ever.
TEST(Baseline, what_is_no_report_is_an_error_that_names_the_field) {
  const std::string package = R"("package": {"type": "deb", "name": "a"})";
  EXPECT_EQ(error(report("{}")), "findings: is no list");
  EXPECT_EQ(error(report("[7]")), "findings[0]: is no record");
  EXPECT_EQ(error(report("[{" + package + "}]")), "findings[0].id: is not there");
  EXPECT_EQ(error(report("[{\"id\": 7, " + package + "}]")), "findings[0].id: is no text");
  EXPECT_EQ(error(report("[{\"id\": \"\", " + package + "}]")), "findings[0].id: is empty");
  EXPECT_EQ(error(report("[{\"id\": \"CVE-1\"}]")), "findings[0].package: is not there");
  EXPECT_EQ(error(report(R"([{"id": "CVE-1", "package": "a"}])")), "findings[0].package: is no record");
  EXPECT_EQ(error(report(R"([{"id": "CVE-1", "package": {"type": "deb", "name": null}}])")),
            "findings[0].package.name: is no text");
  EXPECT_EQ(error(report("[{\"id\": \"CVE-1\", \"names\": {}, " + package + "}]")),
            "findings[0].names: is no list");
  EXPECT_EQ(error(report("[{\"id\": \"CVE-1\", \"names\": [\"DSA-1\"], " + package + "}]")),
            "findings[0].names[0]: is no record");
  EXPECT_EQ(error(report("[]", R"(, "suppressed": [{"rule": true}])")), "suppressed[0].rule: is no text");
  EXPECT_EQ(error(R"({"schema_version": "1", "findings": []})"), "schema_version: is no number");
  EXPECT_EQ(error(R"({"schema_version": 1, "created": 7, "findings": []})"), "created: is no text");
  EXPECT_EQ(error(report("[]")), "read");
}

}  // namespace
}  // namespace peekr
