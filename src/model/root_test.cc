// SPDX-License-Identifier: Apache-2.0
#include "model/root.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

TEST(Root, of_a_database_is_what_lies_above_its_usual_place) {
  EXPECT_EQ(root_above("var/lib/dpkg/status"), "");
  EXPECT_EQ(root_above("usr/lib/sysimage/rpm/rpmdb.sqlite"), "");
  EXPECT_EQ(root_above("lib/apk/db/installed"), "");
  EXPECT_EQ(root_above("usr/lib/apk/db/installed"), "");
  EXPECT_EQ(root_above("srv/r/var/lib/dpkg/status"), "srv/r");
  EXPECT_EQ(root_above("var/lib/docker/overlay2/a/diff/var/lib/dpkg/status"),
            "var/lib/docker/overlay2/a/diff");
  EXPECT_EQ(root_above("var/lib/docker/overlay2/a/diff/lib/apk/db/installed"),
            "var/lib/docker/overlay2/a/diff");
}

TEST(Root, of_a_release_file_is_that_of_the_databases_beside_it) {
  EXPECT_EQ(root_of_release("etc/os-release"), "");
  EXPECT_EQ(root_of_release("usr/lib/os-release"), "");
  EXPECT_EQ(root_of_release("srv/r/etc/os-release"), "srv/r");
  EXPECT_EQ(root_of_release("srv/r/usr/lib/os-release"), "srv/r");
  EXPECT_EQ(root_of_release("etc/apk/repositories"), "");
}

TEST(Root, is_one_of_system_packages_only) {
  EXPECT_EQ(root_of({.type = "deb", .path = Path("srv/r/var/lib/dpkg/status")}), "srv/r");
  EXPECT_EQ(root_of({.type = "npm", .path = Path("srv/r/usr/lib/node_modules/a/package.json")}), "");
  const Path bundled("lib/pillow-9.dist-info/sboms/auditwheel.cdx.json");
  EXPECT_EQ(root_of({.type = "rpm", .path = bundled, .claimed = true}), bundled.folder());
  EXPECT_EQ(root_of({.type = "npm", .path = bundled, .claimed = true}), "");
}

TEST(Root, a_build_names_its_release_by_the_last_mark) {
  EXPECT_EQ(number_behind("1.2-3+deb12u2", "+deb"), "12");
  EXPECT_EQ(number_behind("1.0.elephant-2.el8_9", ".el"), "8");
  EXPECT_EQ(number_behind("1.0", ".el"), "");
}

TEST(Root, a_package_of_a_document_is_of_the_release_that_its_package_url_names) {
  const Distro most{.id = "debian", .version_id = "12"};
  const auto other = [&](const std::string& qualifiers) {
    const std::optional<Distro> found =
        other_distro({.type = "deb", .purl = "pkg:deb/debian/a@1" + qualifiers}, most);
    return found ? found->version_id : "";
  };
  for (const char* same : {"", "?distro=debian-12", "?arch=amd64&distro=debian-12#x", "?distro=bookworm"})
    EXPECT_EQ(other(same), "") << same;
  EXPECT_EQ(other("?distro=debian-11"), "11");
  EXPECT_EQ(other("?distro=debian-12.5"), "12.5");
  EXPECT_EQ(other("?xdistro=debian-12&distro=debian-11"), "11");
}

TEST(Root, a_service_pack_of_openeuler_is_another_release_where_it_is_said) {
  const Distro sp2{.id = "openeuler", .version_id = "22.03", .name = "openEuler 22.03 (LTS-SP2)"};
  const auto is_other = [&](const std::string& release) {
    const std::string purl = "pkg:rpm/openeuler/a@1?distro=" + release;
    return other_distro({.type = "rpm", .purl = purl}, sp2).has_value();
  };
  EXPECT_TRUE(is_other("openeuler-22.03-LTS-SP1"));
  EXPECT_FALSE(is_other("openeuler-22.03-LTS-SP2"));
  EXPECT_FALSE(is_other("openeuler-22.03"));
  EXPECT_FALSE(is_other("openEuler-22.03"));
}

}  // namespace
}  // namespace peekr
