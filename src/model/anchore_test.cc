// SPDX-License-Identifier: Apache-2.0
#include "model/anchore.h"

#include <gtest/gtest.h>

namespace peekr::anchore {
namespace {

std::string space_of(const char* id, const char* version) {
  return name_space({.ecosystem = "any"}, {.type = "rpm"}, Distro{.id = id, .version_id = version});
}

TEST(Anchore, names_a_release_as_its_feed_does) {
  EXPECT_EQ(space_of("debian", "12"), "debian:distro:debian:12");
  EXPECT_EQ(space_of("ubuntu", "22.04"), "ubuntu:distro:ubuntu:22.04");
  EXPECT_EQ(space_of("alpine", "3.18.4"), "alpine:distro:alpine:3.18");
  EXPECT_EQ(space_of("alpine", "3.18"), "alpine:distro:alpine:3.18");
  EXPECT_EQ(space_of("rocky", "9.3"), "redhat:distro:redhat:9");
  EXPECT_EQ(space_of("amzn", "2023"), "amazon:distro:amazonlinux:2023");
  EXPECT_EQ(space_of("arch", ""), "arch:distro:archlinux:rolling");
  EXPECT_EQ(space_of("wolfi", "20230201"), "wolfi:distro:wolfi:rolling");
}

TEST(Anchore, names_epel_and_not_the_system_that_it_is_on) {
  EXPECT_EQ(name_space({.ecosystem = "EPEL:9"}, {.type = "rpm", .vendor = "Fedora Project"},
                       Distro{.id = "rhel", .version_id = "9.4"}),
            "epel:distro:epel:9");
}

TEST(Anchore, names_languages_and_what_is_known_by_its_cpe) {
  EXPECT_EQ(name_space({.ecosystem = "npm"}, {.type = "npm"}, Distro{.id = "debian"}),
            "github:language:javascript");
  EXPECT_EQ(name_space({.ecosystem = "CPE"}, {.type = "deb"}, Distro{.id = "debian"}), "nvd:cpe");
  EXPECT_EQ(match_type({.ecosystem = "CPE"}, {}), "cpe-match");
  EXPECT_EQ(match_type({.ecosystem = "npm"}, {}), "exact-direct-match");
  const Proof by_source{.ecosystem = "Debian:12", .by_source = true};
  EXPECT_EQ(match_type(by_source, {.type = "deb", .name = "libssl3", .source = "openssl"}),
            "exact-indirect-match");
  EXPECT_EQ(match_type(by_source, {.type = "deb", .name = "openssl", .source = "openssl"}),
            "exact-direct-match");
}

}  // namespace
}  // namespace peekr::anchore
