// SPDX-License-Identifier: Apache-2.0
#include "model/package.h"

#include <gtest/gtest.h>

#include "model/cpe.h"
#include "model/judged.h"

namespace peekr {
namespace {

Distro distro(std::string id, std::string version, std::vector<std::string> like = {}) {
  return {.id = std::move(id), .id_like = std::move(like), .version_id = std::move(version)};
}

Package deb(std::string name, std::string version) {
  return {.type = "deb", .name = std::move(name), .version = std::move(version), .arch = "amd64"};
}

TEST(Judged, what_decides_on_findings_is_kept_and_lists_of_files_are_not) {
  Inventory inventory{.distro = distro("debian", "12"), .repositories = {"main"}};
  Package package = deb("libc6", "2.36");
  package.epoch = 1;
  package.owner = 0;
  package.files = {"lib/libc.so.6"};
  package.licenses = {"LGPL"};
  inventory.packages = {package};
  inventory.notes.push_back({Path("a"), Why::damaged, "x"});
  const Inventory kept = judged(inventory);
  EXPECT_EQ(kept.distro->id, "debian");
  EXPECT_EQ(kept.repositories, inventory.repositories);
  ASSERT_EQ(kept.packages.size(), 1u);
  EXPECT_EQ(purl(kept.packages[0], kept.distro), purl(package, kept.distro));
  EXPECT_EQ(kept.packages[0].epoch, 1u);
  EXPECT_EQ(kept.packages[0].owner, 0u);
  EXPECT_TRUE(kept.packages[0].files.empty() && kept.packages[0].licenses.empty() && kept.notes.empty());
}

TEST(Purl, of_a_debian_package_names_its_source_when_it_is_another) {
  Package package = deb("libc6", "2.36-9+deb12u4");
  package.source = "glibc";
  package.source_version = package.version;
  EXPECT_EQ(purl(package, distro("debian", "12")),
            "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc");
}

TEST(Purl, has_the_source_version_only_when_it_differs) {
  Package package = deb("postgresql-client", "11+200+deb10u5");
  package.source = "postgresql-common";
  package.source_version = "200+deb10u5";
  EXPECT_EQ(purl(package, distro("debian", "10")),
            "pkg:deb/debian/postgresql-client@11%2B200%2Bdeb10u5"
            "?arch=amd64&distro=debian-10&upstream=postgresql-common%40200%2Bdeb10u5");
}

TEST(Purl, has_no_upstream_when_the_package_is_its_own_source) {
  Package package = deb("bash", "5.2.15-2+b2");
  package.source = "bash";
  package.source_version = "5.2.15-2+b2";
  EXPECT_EQ(purl(package, distro("debian", "12")),
            "pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12");
  package.source_version = "5.2.15-2";  // a binary-only rebuild
  EXPECT_EQ(purl(package, distro("debian", "12")),
            "pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12&upstream=bash%405.2.15-2");
}

TEST(Purl, of_a_derivative_has_the_namespace_of_what_it_derives_from) {
  const Package package = deb("bash", "5.1");
  EXPECT_EQ(purl(package, distro("linuxmint", "21", {"ubuntu", "debian"})),
            "pkg:deb/ubuntu/bash@5.1?arch=amd64&distro=linuxmint-21");
  EXPECT_EQ(purl(package, distro("raspbian", "11", {"debian"})),
            "pkg:deb/debian/bash@5.1?arch=amd64&distro=raspbian-11");
}

TEST(Purl, of_an_rpm_has_epoch_and_source_rpm) {
  Package package{.type = "rpm",
                  .name = "openssl-libs",
                  .version = "3.0.7-24.el9",
                  .epoch = 1,
                  .arch = "x86_64",
                  .source = "openssl",
                  .source_version = "3.0.7-24.el9"};
  EXPECT_EQ(purl(package, distro("rhel", "9.3")),
            "pkg:rpm/redhat/openssl-libs@3.0.7-24.el9"
            "?arch=x86_64&distro=rhel-9.3&epoch=1&upstream=openssl-3.0.7-24.el9.src.rpm");
  EXPECT_EQ(full_version(package), "1:3.0.7-24.el9");
  package.modularity = "a:1:2:c";
  EXPECT_TRUE(purl(package, distro("rhel", "9.3")).contains("&epoch=1&rpmmod=a:1:2:c&upstream="));
  package.epoch = 0;
  EXPECT_EQ(full_version(package), "0:3.0.7-24.el9");
  package.epoch.reset();
  EXPECT_EQ(full_version(package), "3.0.7-24.el9");
}

TEST(Purl, of_suse_has_the_namespace_opensuse_for_all_its_flavours) {
  const Package package{.type = "rpm", .name = "bash", .version = "4.4-9.14.1"};
  EXPECT_EQ(purl(package, distro("opensuse-leap", "15.5")),
            "pkg:rpm/opensuse/bash@4.4-9.14.1?distro=opensuse-leap-15.5");
}

TEST(Purl, of_an_apk_has_its_origin) {
  const Package package{.type = "apk",
                        .name = "libcrypto3",
                        .version = "3.1.4-r5",
                        .arch = "x86_64",
                        .source = "openssl",
                        .source_version = "3.1.4-r5"};
  EXPECT_EQ(purl(package, distro("alpine", "3.18.4")),
            "pkg:apk/alpine/libcrypto3@3.1.4-r5?arch=x86_64&distro=alpine-3.18.4&upstream=openssl");
}

TEST(Purl, without_a_distribution_has_no_namespace) {
  EXPECT_EQ(purl(deb("bash", "5.1"), std::nullopt), "pkg:deb/bash@5.1?arch=amd64");
}

TEST(Purl, encodes_what_is_not_safe) {
  EXPECT_EQ(purl(deb("g++", "4:12.2~rc1"), std::nullopt), "pkg:deb/g%2B%2B@4:12.2~rc1?arch=amd64");
}

TEST(Purl, of_other_types_is_as_purl_spec_has_it) {
  const auto text = [](const char* type, const char* name) {
    return purl({.type = type, .name = name, .version = "1.0"}, std::nullopt);
  };
  EXPECT_EQ(text("cocoapods", "GoogleUtilities/NSData+zlib"),
            "pkg:cocoapods/GoogleUtilities@1.0#NSData%2Bzlib");
  EXPECT_EQ(text("ebuild", "dev-libs/openssl"), "pkg:ebuild/dev-libs/openssl@1.0");
  EXPECT_EQ(text("linux-kernel", "linux-kernel"), "pkg:generic/linux-kernel@1.0");
  EXPECT_EQ(text("swift", "github.com/apple/swift-nio"), "pkg:swift/github.com/apple/swift-nio@1.0");
}

TEST(Cpe, parts_are_split_at_colons_that_are_not_escaped) {
  using Parts = std::vector<std::string>;
  const Parts name = cpe_parts(cpe_name("gnu", "c++:x", "2.9\\"));
  ASSERT_EQ(name.size(), 13U);
  EXPECT_EQ(Parts(name.begin(), name.begin() + 6), (Parts{"cpe", "2.3", "a", "gnu", "c++:x", "2.9\\"}));
  EXPECT_EQ(cpe_parts("a:\\"), (Parts{"a", "\\"}));
  EXPECT_EQ(cpe_parts(""), Parts{""});
}

}  // namespace
}  // namespace peekr
