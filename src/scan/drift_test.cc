// SPDX-License-Identifier: Apache-2.0
#include "scan/drift.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

Inventory of(const std::vector<std::pair<std::string, std::string>>& packages) {
  Inventory all;
  for (const auto& [name, version] : packages)
    all.packages.push_back({.type = "npm", .name = name, .version = version});
  return all;
}

std::vector<std::string> lines(const Drift& drift) {
  std::vector<std::string> all;
  for (const Drift::Change& one : drift.packages)
    all.push_back(one.name + " " + one.before + ">" + one.after);
  return all;
}

using Lines = std::vector<std::string>;

TEST(Drift, says_what_came_went_and_changed) {
  const Drift found =
      drift(of({{"a", "1"}, {"b", "1"}, {"c", "1"}}), of({{"d", "1"}, {"b", "2"}, {"a", "1"}}));
  EXPECT_EQ(lines(found), (Lines{"b 1>2", "c 1>", "d >1"}));
  EXPECT_EQ(found.packages[0].how, Drift::How::changed);
  EXPECT_EQ(found.packages[1].how, Drift::How::removed);
  EXPECT_EQ(found.packages[2].how, Drift::How::added);
}

TEST(Drift, of_several_copies_only_what_differs) {
  EXPECT_EQ(lines(drift(of({{"a", "1"}, {"a", "1"}, {"a", "2"}}), of({{"a", "1"}, {"a", "3"}}))),
            (Lines{"a 1>3", "a 2>"}));
  EXPECT_EQ(
      lines(drift(of({{"a", "1"}, {"a", "1"}, {"a", "2"}}), of({{"a", "1"}, {"a", "3"}}), Copies::as_one)),
      lines(drift(of({{"a", "2"}}), of({{"a", "3"}}))));
  EXPECT_TRUE(drift(of({{"a", "2"}, {"a", "1"}}), of({{"a", "1"}, {"a", "2"}})).packages.empty());
}

// As they are in an image, and in its SBOM.
TEST(Drift, what_package_urls_write_otherwise_or_not_at_all_is_no_difference) {
  Inventory image, sbom;
  image.packages = {{.type = "pypi", .name = "Typing_Extensions", .version = "4"},
                    {.type = "golang", .name = "stdlib", .version = "1.22", .arch = "amd64"}};
  sbom.packages = {{.type = "golang", .name = "stdlib", .version = "1.22"},
                   {.type = "pypi", .name = "typing-extensions", .version = "4"}};
  EXPECT_EQ(lines(drift(image, sbom)), Lines());
  sbom.packages[1].version = "5";
  EXPECT_EQ(lines(drift(image, sbom)), Lines{"Typing_Extensions 4>5"});
  image.packages = {{.type = "npm", .name = "JSONStream", .version = "1"}};
  sbom.packages = {{.type = "npm", .name = "jsonstream", .version = "1"}};
  EXPECT_EQ(drift(image, sbom).packages.size(), 2U) << "they are two";
  image.packages = {{.type = "deb", .name = "a", .version = "1", .arch = "amd64"}};
  sbom.packages = {{.type = "deb", .name = "a", .version = "1", .arch = "i386"}};
  EXPECT_EQ(drift(image, sbom).packages.size(), 2U);
}

}  // namespace
}  // namespace peekr
