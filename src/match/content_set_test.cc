// SPDX-License-Identifier: Apache-2.0
#include "match/content_set.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

TEST(ContentSet, its_name_tells_the_product) {
  const auto product = [](std::string_view name) { return product_of_content_set(name, "9.2"); };
  EXPECT_EQ(product("rhel-9-for-x86_64-baseos-rpms"), "Red Hat:enterprise_linux:9::baseos");
  EXPECT_EQ(product("rhel-8-for-x86_64-appstream-rpms__8"), "Red Hat:enterprise_linux:8::appstream");
  EXPECT_EQ(product("rhel-8-for-aarch64-baseos-eus-rpms__8_DOT_6"), "Red Hat:rhel_eus:8.6::baseos");
  EXPECT_EQ(product("rhel-9-for-x86_64-appstream-e4s-rpms"), "Red Hat:rhel_e4s:9.2::appstream");
  EXPECT_EQ(product("rhel-10-for-x86_64-baseos-eus-rpms__10_DOT_0"), "Red Hat:enterprise_linux_eus:10.0");
  EXPECT_EQ(product("rhel-10-for-x86_64-baseos-rpms"), "Red Hat:enterprise_linux:10::baseos");
  EXPECT_EQ(product("codeready-builder-for-rhel-9-x86_64-rpms"), "Red Hat:enterprise_linux:9::crb");
  EXPECT_EQ(product("rhocp-4.13-for-rhel-8-x86_64-rpms"), "Red Hat:openshift:4.13::el8");
  EXPECT_EQ(product("ubi-9-baseos-rpms"), "Red Hat:enterprise_linux:9::baseos");
  EXPECT_EQ(product("rhel-7-server-els-rpms"), "Red Hat:rhel_els:7");
  EXPECT_EQ(product("rhel-7-for-system-z-els-optional-rpms"), "Red Hat:rhel_els:7");
}

TEST(ContentSet, one_of_a_kind_that_is_not_known_has_none) {
  for (const std::string_view name :
       {"", "rhel", "rhel-9-for-x86_64-baseos-source", "ansible-2.9-for-rhel-8-x86_64-rpms",
        "codeready-builder-for-rhel", "rhel-9-for-x86_64"}) {
    EXPECT_EQ(product_of_content_set(name, "9.2"), "") << name;
  }
}

}  // namespace
}  // namespace peekr
