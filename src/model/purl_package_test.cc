// SPDX-License-Identifier: Apache-2.0
#include "model/purl_package.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

// What purl() writes of a package names that package.
void round(const Package& package, const std::optional<Distro>& distro) {
  const std::string text = purl(package, distro);
  const Result<NamedPackage> back = package_of_purl(text);
  ASSERT_TRUE(back) << text;
  EXPECT_EQ(back->package.type, package.type) << text;
  EXPECT_EQ(back->package.name, package.name) << text;
  EXPECT_EQ(back->package.version, package.version) << text;
  EXPECT_EQ(back->package.arch, package.arch) << text;
  EXPECT_EQ(back->package.epoch, package.epoch) << text;
  if (distro) {
    EXPECT_EQ(back->package.source, package.source) << text;
    EXPECT_EQ(back->package.source_version, package.source_version) << text;
    EXPECT_EQ(back->distro->id, distro->id) << text;
    EXPECT_EQ(back->distro->version_id, distro->version_id) << text;
  }
}

TEST(PackageOfPurl, reads_what_is_written_here) {
  const auto system = [](const char* type, const char* name, const char* version) {
    return Package{.type = type, .name = name, .version = version, .source = name, .source_version = version};
  };
  Package libc = system("deb", "libc6", "2.19-18+deb8u2");
  libc.arch = "amd64";
  libc.source = "glibc";
  round(libc, Distro{.id = "debian", .version_id = "8"});
  libc.source_version = "1:2.20";
  round(libc, Distro{.id = "ubuntu", .id_like = {"debian"}, .version_id = "22.04"});
  Package rpm = system("rpm", "glibc-common", "2.17-326.el7_9");
  rpm.epoch = 3;
  rpm.source = "glibc";
  round(rpm, Distro{.id = "rhel", .version_id = "7.9"});
  round(rpm, Distro{.id = "opensuse-leap", .id_like = {"suse", "opensuse"}, .version_id = "15.5"});
  round(system("apk", "musl-utils", "1.2.4-r1"), Distro{.id = "alpine", .version_id = "3.18.4"});
  round({.type = "npm", .name = "@babel/core", .version = "7.0.0"}, std::nullopt);
  round({.type = "npm", .name = "left-pad"}, std::nullopt);
  round({.type = "maven", .name = "org.apache.logging.log4j:log4j-core", .version = "2.14.1"}, std::nullopt);
  round({.type = "golang", .name = "github.com/gogo/protobuf", .version = "v1.3.1"}, std::nullopt);
  round({.type = "pypi", .name = "django", .version = "1.11.1+local"}, std::nullopt);
}

TEST(PackageOfPurl, a_system_package_may_name_its_distribution_in_parts) {
  EXPECT_EQ(package_of_purl("pkg:deb/debian/curl@7.50.3-1?distro=jessie")->distro->codename, "jessie");
  EXPECT_EQ(package_of_purl("pkg:deb/debian/curl@7.50.3-1?distro=jessie")->distro->id, "debian");
  EXPECT_EQ(package_of_purl("pkg:DEB/Debian/curl")->distro->id, "debian");
  EXPECT_FALSE(package_of_purl("pkg:apk/musl@1.2")->distro);
  EXPECT_EQ(package_of_purl("pkg:npm/%40a/b@1#sub/path")->package.name, "@a/b");
}

TEST(PackageOfPurl, what_is_none_is_an_error) {
  for (const char* text : {"", "pkg:", "pkg:deb", "pkg:deb/", "deb/debian/curl", "pkg:/x"})
    EXPECT_EQ(package_of_purl(text).error().code, Errc::usage) << text;
}

}  // namespace
}  // namespace peekr
