// SPDX-License-Identifier: Apache-2.0
#include "source/mirrors.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

constexpr std::string_view kConf = R"(unqualified-search-registries = ["docker.io"]
[[registry]]
prefix = "docker.io"
location = "docker.io"
[[registry.mirror]]
location = "mirror:5000/hub"
insecure = true
[[registry.mirror]]
location = "digests.example"
pull-from-mirror = "digest-only"
[[registry]]
prefix = "docker.io/org"
location = "internal.example/copy"
[[registry]]
location = "bad.example"
blocked = true
[[registry]]
prefix = "*.cloud.example"
location = "one.example/all"
)";

std::string places(std::string_view host, std::string_view repository, By by = By::tag) {
  const Result<std::vector<MirrorRule>> rules = parse_registries_conf(kConf);
  if (!rules) return rules.error().message;
  const Result<std::vector<Place>> all = places_of(*rules, host, repository, by);
  if (!all) return all.error().message;
  std::string text;
  for (const Place& one : *all) text += one.host + " " + one.repository + (one.insecure ? " insecure;" : ";");
  return text;
}

TEST(Mirrors, mirrors_are_asked_before_the_registry) {
  EXPECT_EQ(places("docker.io", "library/debian"),
            "mirror:5000 hub/library/debian insecure;docker.io library/debian;");
  EXPECT_EQ(
      places("docker.io", "library/debian", By::digest),
      "mirror:5000 hub/library/debian insecure;digests.example library/debian;docker.io library/debian;");
  EXPECT_EQ(places("quay.io", "a"), "quay.io a;");
}

TEST(Mirrors, the_longest_prefix_counts) {
  EXPECT_EQ(places("docker.io", "org/app"), "internal.example copy/app;");
  EXPECT_EQ(places("docker.io", "organisation/app"),
            "mirror:5000 hub/organisation/app insecure;docker.io organisation/app;");
  EXPECT_EQ(places("eu.cloud.example", "a/b"), "one.example all/a/b;");
  EXPECT_EQ(places("bad.example", "a"), "bad.example is blocked by registries.conf");
}

TEST(Mirrors, what_is_damaged_is_said) {
  EXPECT_EQ(parse_registries_conf("a = \n").error().message.substr(0, 7), "line 1:");
  EXPECT_EQ(parse_registries_conf("[[registry]]\n").error().message, "registry: neither prefix nor location");
  EXPECT_TRUE(parse_registries_conf("")->empty());
}

}  // namespace
}  // namespace peekr
