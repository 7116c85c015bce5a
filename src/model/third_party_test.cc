// SPDX-License-Identifier: Apache-2.0
#include "model/third_party.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

bool is_foreign_deb(std::string maintainer) {
  return is_of_third_party({.type = "deb", .maintainer = std::move(maintainer)}, Distro{.id = "debian"});
}

bool is_foreign_rpm(std::string vendor, std::string distro) {
  return is_of_third_party({.type = "rpm", .vendor = std::move(vendor)}, Distro{.id = std::move(distro)});
}

TEST(ThirdParty, a_deb_is_known_by_its_maintainer) {
  EXPECT_TRUE(is_foreign_deb("NGINX Packaging <nginx-packaging@f5.com>"));
  EXPECT_TRUE(is_foreign_deb("NSolid <nsolid@nodesource.com>"));
  EXPECT_TRUE(is_foreign_deb("GitHub"));
  EXPECT_FALSE(is_foreign_deb("Debian NVIDIA Maintainers <pkg-nvidia-devel@lists.alioth.debian.org>"));
  EXPECT_FALSE(is_foreign_deb("GNU Libc Maintainers <debian-glibc@lists.debian.org>"));
  EXPECT_FALSE(is_foreign_deb("Somebody <a@example.org>"));
  EXPECT_FALSE(is_foreign_deb(""));
}

TEST(ThirdParty, an_rpm_is_known_by_its_vendor) {
  EXPECT_FALSE(is_foreign_rpm("Red Hat, Inc.", "rhel"));
  EXPECT_FALSE(is_foreign_rpm("Fedora Project", "rhel"));  // EPEL
  EXPECT_FALSE(is_foreign_rpm("Fedora Project", "fedora"));
  EXPECT_TRUE(is_foreign_rpm("Fedora Project", "amzn"));
  EXPECT_TRUE(is_foreign_rpm("Fedora Project", "opensuse-leap"));
  EXPECT_TRUE(is_foreign_rpm("Fedora Project", "azurelinux"));
  EXPECT_FALSE(is_of_third_party({.type = "rpm", .vendor = "Fedora Project"},
                                 Distro{.id = "amzn", .version_id = "2"}));  // EPEL 7
  EXPECT_FALSE(is_foreign_rpm("", "rhel"));
  EXPECT_TRUE(is_foreign_rpm("NGINX Inc.", "rhel"));
  EXPECT_TRUE(is_foreign_rpm("Example Ltd", "almalinux"));
  EXPECT_TRUE(is_foreign_rpm("Microsoft Corporation", "rhel"));
  EXPECT_FALSE(is_foreign_rpm("Microsoft Corporation", "azurelinux"));
  EXPECT_TRUE(is_foreign_rpm("NVIDIA Corporation", "azurelinux"));
  EXPECT_FALSE(is_foreign_rpm("VMware, Inc.", "photon"));
  EXPECT_TRUE(is_foreign_rpm("Docker Inc.", "openEuler"));
}

}  // namespace
}  // namespace peekr
