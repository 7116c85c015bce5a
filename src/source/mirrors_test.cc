// SPDX-License-Identifier: Apache-2.0
#include "source/mirrors.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

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

std::string places_by(std::string_view conf, std::string_view host, std::string_view repository = "a") {
  const Result<std::vector<MirrorRule>> rules = parse_registries_conf(conf);
  if (!rules) return rules.error().message;
  const Result<std::vector<Place>> all = places_of(*rules, host, repository, By::tag);
  return all ? all->back().host + " " + all->back().repository + (all->back().insecure ? " insecure" : "")
             : all.error().message;
}

TEST(Mirrors, a_prefix_ends_before_a_port_or_a_part_of_the_path) {
  constexpr std::string_view kBlocked =
      "[[registry]]\nprefix = '*.local'\nblocked = true\n"
      "[[registry]]\nprefix = '1.2.3.4:5/'\nblocked = true\n"
      "[[registry]]\nprefix = 'h.example'\nlocation = 'new.example'\n";
  EXPECT_EQ(places_by(kBlocked, "a.local:15500"), "*.local is blocked by registries.conf");
  EXPECT_EQ(places_by(kBlocked, "a.b.local"), "*.local is blocked by registries.conf");
  EXPECT_EQ(places_by(kBlocked, "local"), "local a");
  EXPECT_EQ(places_by(kBlocked, "a.locale"), "a.locale a");
  EXPECT_EQ(places_by(kBlocked, "b.example", "a.local/x"), "b.example a.local/x");
  EXPECT_EQ(places_by(kBlocked, "1.2.3.4:5"), "1.2.3.4:5 is blocked by registries.conf");
  EXPECT_EQ(places_by(kBlocked, "1.2.3.4:55"), "1.2.3.4:55 a");
  EXPECT_EQ(places_by(kBlocked, "h.example:5000"), "new.example:5000 a");
}

TEST(Mirrors, a_location_is_a_host_with_a_path) {
  const auto at = [](const std::string& location) {
    return places_by("[[registry]]\nprefix = 'h.example'\nlocation = '" + location + "'\n", "h.example");
  };
  EXPECT_EQ(at("other.example/ok/"), "other.example ok/a");
  EXPECT_EQ(
      at("http://u:p@other.example"),
      "registry: location http://other.example: URI schemes are not supported: want HOST[:PORT][/PATH]");
  EXPECT_EQ(places_by("[[registry]]\nprefix = 'h.example'\nlocation = 'o.example/x'\n", "h.example:5"),
            "registries.conf: o.example/x:5/a names no repository");
}

TEST(Mirrors, version_1_blocks_too) {
  constexpr std::string_view kOld =
      "[registries.search]\nregistries = ['docker.io']\n"
      "[registries.insecure]\nregistries = ['i.example', 'b.example']\n"
      "[registries.block]\nregistries = ['b.example/']\n";
  EXPECT_EQ(places_by(kOld, "b.example"), "b.example is blocked by registries.conf");
  EXPECT_EQ(places_by(kOld, "i.example"), "i.example a insecure");
  EXPECT_EQ(places_by("[registries]\nblock = {registries = ['b']}\n", "b"),
            "registries: only tables of their own are read: [registries.block], [registries.insecure]");
  EXPECT_EQ(places_by("[registries.block]\nregistries = ['b']\n[[registry]]\nlocation = 'b'\n", "b"),
            "registries.block or registries.insecure (version 1) beside registry (version 2)");
}

TEST(Mirrors, what_is_damaged_is_said) {
  EXPECT_EQ(parse_registries_conf("a = \n").error().message.substr(0, 7), "line 1:");
  EXPECT_EQ(parse_registries_conf("[[registry]]\n").error().message, "registry: neither prefix nor location");
  EXPECT_TRUE(parse_registries_conf("")->empty());
  EXPECT_EQ(parse_registries_conf("[[registry.mirror]]\nlocation = 'a'\n").error().message,
            "mirror: of no registry");
  // Whoever blocks a registry must not be taken not to.
  EXPECT_EQ(parse_registries_conf("[[registry]]\nlocation = 'a'\nblocked = True\n").error().message,
            "registry a: blocked: want true or false");
  EXPECT_EQ(parse_registries_conf("[[registry]]\nlocation = 'a'\n[[registry.mirror]]\nlocation = 'b'\n"
                                  "insecure = 'true'\n")
                .error()
                .message,
            "registry a: mirror: insecure: want true or false");
  EXPECT_EQ(parse_registries_conf("[[registry]]\nlocation = 'a'\n[[registry.mirror]]\nlocation = 'b'\n"
                                  "pull-from-mirror = 'digest'\n")
                .error()
                .message,
            "registry a: mirror: pull-from-mirror: want all, digest-only or tag-only");
  // Legal, and read by nobody: said, not skipped.
  EXPECT_EQ(
      parse_registries_conf("[[registry]]\nlocation = 'a'\nmirror = [{location = 'b'}]\n").error().message,
      "mirror: only tables of their own are read: [[registry.mirror]]");
  EXPECT_EQ(parse_registries_conf("registry = [{location = 'b'}]\n").error().message,
            "registry: only tables of their own are read: [[registry]]");
  EXPECT_TRUE(parse_registries_conf("[aliases]\n\"registry\" = 'docker.io/library/registry'\n")->empty());
}

// What read_registries_conf() says where the user's files are in that folder.
std::string error_in(const std::string& folder) {
  const char* const before = std::getenv("XDG_CONFIG_HOME");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("XDG_CONFIG_HOME", folder.c_str(), 1);
  const Result<std::vector<MirrorRule>> rules = read_registries_conf();
  if (before == nullptr) {
    ::unsetenv("XDG_CONFIG_HOME");
  } else {
    ::setenv("XDG_CONFIG_HOME", kept.c_str(), 1);
  }
  return rules ? "" : rules.error().message;
}

TEST(Mirrors, a_folder_of_rules_that_cannot_be_listed_is_an_error_and_a_missing_one_is_not) {
  namespace fs = std::filesystem;
  const fs::path home = fs::temp_directory_path() / ("peekr-mirrors-test-" + std::to_string(::getpid()));
  fs::create_directories(home / "containers");
  EXPECT_EQ(error_in(home), "");
  EXPECT_EQ(error_in("/dev/null"), "");
  const fs::path folder = home / "containers/registries.conf.d";
  std::ofstream(folder) << "no folder";
  EXPECT_TRUE(error_in(home).starts_with(folder.string() + ": "));
  fs::remove_all(home);
}

}  // namespace
}  // namespace peekr
