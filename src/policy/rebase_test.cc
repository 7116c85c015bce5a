// SPDX-License-Identifier: Apache-2.0
#include "policy/rebase.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

Package deb(std::string name, std::string version, std::uint32_t layer = 0) {
  return {
      .type = "deb", .name = std::move(name), .version = std::move(version), .arch = "amd64", .layer = layer};
}

Package module(std::string version, std::string_view folder, std::uint32_t layer = 0) {
  Package package{.type = "pypi", .name = "six", .version = std::move(version), .layer = layer};
  package.path = Path(std::string(folder) + "/six-" + package.version + ".dist-info/METADATA");
  return package;
}

Inventory debian(std::vector<Package> packages, std::string release = "12") {
  return {.distro = Distro{.id = "debian", .version_id = std::move(release)},
          .packages = std::move(packages)};
}

Report image(std::vector<Package> packages) {
  Report report{.inventory = debian(std::move(packages))};
  report.image.layers.resize(2);
  report.image.base.layers = 1;
  return report;
}

std::vector<std::string> texts(const Inventory& inventory) {
  std::vector<std::string> all;
  for (const Package& one : inventory.packages)
    all.push_back(one.type.empty() ? "gone" : one.name + " " + one.version);
  return all;
}

using Texts = std::vector<std::string>;

TEST(Rebased, has_the_packages_of_the_other_base_in_their_places_and_yours) {
  const Report report =
      image({deb("libc6", "1"), deb("old", "1"), deb("curl", "1", 1), deb("zlib1g", "2", 1)});
  const Inventory other =
      debian({deb("libc6", "2"), deb("new", "1"), deb("tar", "2"), deb("zlib1g", "1.5"), deb("curl", "0.5")});
  EXPECT_EQ(texts(rebased(report, other)), (Texts{"libc6 2", "gone", "curl 1", "zlib1g 2", "new 1", "tar 2"}))
      << "zlib1g and curl were put above what the other base has";
}

TEST(Rebased, a_later_package_of_the_system_goes_over_yours_but_no_module_does) {
  const Report report = image({deb("zlib1g", "2", 1), module("1.0", "a", 1), module("1.0", "b")});
  const Inventory other = debian({deb("zlib1g", "3"), module("2.0", "a"), module("2.0", "b")});
  EXPECT_EQ(texts(rebased(report, other)), (Texts{"zlib1g 3", "six 1.0", "six 2.0"}));
}

TEST(Rebased, who_installed_what_is_told_by_the_places_then) {
  const Report report = image({deb("curl", "1", 1), deb("python3-six", "1"), module("1.0", "a")});
  Inventory other = debian({deb("python3-six", "2"), module("2.0", "a"), module("1.0", "c")});
  other.packages[1].owner = 0;
  other.packages[2].owner = 7;  // of a damaged entry
  const Inventory now = rebased(report, other);
  EXPECT_EQ(texts(now), (Texts{"curl 1", "python3-six 2", "six 2.0", "six 1.0"}));
  EXPECT_EQ(now.packages[2].owner, 1u);
  EXPECT_FALSE(now.packages[3].owner);
}

TEST(Later, is_what_has_the_same_packages_of_the_same_release_in_later_versions) {
  std::vector<Package> old, now;
  for (int i = 0; i < 10; ++i) old.push_back(deb("p" + std::to_string(i), "1"));
  now = old;
  EXPECT_FALSE(is_later(debian(old), debian(now))) << "the same";
  now[0].version = "2";
  EXPECT_TRUE(is_later(debian(old), debian(now)));
  EXPECT_FALSE(is_later(debian(now), debian(old)));
  EXPECT_FALSE(is_later(debian(old), debian(now, "13")));
  now[1].version = "0.5";
  EXPECT_FALSE(is_later(debian(old), debian(now))) << "as many earlier ones";
  now[1].name = "q1";
  EXPECT_TRUE(is_later(debian(old), debian(now)));
  now[2].name = "q2";
  EXPECT_FALSE(is_later(debian(old), debian(now))) << "two of ten are others";
}

// libc6 is later; what else there is changes.
bool is_later_with(Package before, Package now) {
  std::vector<Package> old, other;
  for (int i = 0; i < 20; ++i) old.push_back(deb("p" + std::to_string(i), "1"));
  other = old;
  other[0].version = "2";
  old.push_back(std::move(before));
  other.push_back(std::move(now));
  return is_later(debian(old), debian(other));
}

Package runtime(std::string version) {
  return {.type = "generic",
          .name = "node",
          .version = std::move(version),
          .path = Path("bin/node"),
          .by_content = true};
}

TEST(Later, is_no_other_version_of_a_runtime_and_no_older_one) {
  EXPECT_TRUE(is_later_with(runtime("18.1.0"), runtime("18.1.0")));
  EXPECT_TRUE(is_later_with(runtime("18.1.9"), runtime("18.1.10")));
  EXPECT_TRUE(is_later_with(runtime("17.0.9+9"), runtime("17.0.10+7")));
  EXPECT_FALSE(is_later_with(runtime("18.1.0"), runtime("20.1.0")));
  EXPECT_FALSE(is_later_with(runtime("3.12.1"), runtime("3.13.1")));
  EXPECT_FALSE(is_later_with(runtime("3.12.1"), runtime("3.11.9")));
  EXPECT_FALSE(is_later_with(runtime("18.1.3"), runtime("18.1.2")));
}

TEST(Later, is_no_other_product_of_the_system) {
  EXPECT_TRUE(is_later_with(deb("postgresql-15", "15.4"), deb("postgresql-15", "15.5")));
  EXPECT_TRUE(is_later_with(deb("gone", "1"), deb("new", "1")));
  EXPECT_FALSE(is_later_with(deb("postgresql-15", "15.4"), deb("postgresql-16", "16.1")));
}

TEST(Rebase, of_the_whole_no_more_is_said_to_be_left_than_there_was) {
  const Remediation base{.actions = {{.type = std::string(kBaseImage)}},
                         .before = 3,
                         .after = 1,
                         .risk_before = 30.5,
                         .risk_after = 9};
  const Remediation more =
      joined(base, {.actions = {{.type = "npm"}}, .before = 5, .after = 4, .risk_after = 40});
  EXPECT_EQ(more.actions.size(), 2u);
  EXPECT_EQ(more.before, 3u);
  EXPECT_EQ(more.after, 3u) << "a source package of which the other base has a part only counts twice";
  EXPECT_EQ(more.risk_after, 30.5);
  const Remediation less = joined(base, {.after = 1, .unfixable = {"CVE-1"}});
  EXPECT_EQ(less.after, 1u);
  EXPECT_EQ(less.unfixable, std::vector<std::string>{"CVE-1"});
}

}  // namespace
}  // namespace peekr
