// SPDX-License-Identifier: Apache-2.0
#include "catalog/pattern.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "catalog/rows.h"

namespace peekr {
namespace {

TEST(Pattern, without_a_star_is_one_path) {
  EXPECT_TRUE(matches("etc/os-release", "etc/os-release"));
  EXPECT_FALSE(matches("etc/os-release", "x/etc/os-release"));
  EXPECT_FALSE(matches("etc/os-release", "etc/os-release/x"));
  EXPECT_FALSE(matches("etc/os-release", "os-release"));
  EXPECT_FALSE(matches("etc/os-release", "etc/os-releas"));
  EXPECT_FALSE(matches("etc/os-release", ""));
}

TEST(Pattern, a_star_is_any_one_part) {
  EXPECT_TRUE(matches("a/*/c", "a/b/c"));
  EXPECT_FALSE(matches("a/*/c", "a/c"));
  EXPECT_FALSE(matches("a/*/c", "a/b/b/c"));
  EXPECT_TRUE(matches("a/*", "a/.hidden"));
  EXPECT_FALSE(matches("a/*", "a"));
  EXPECT_FALSE(matches("a/*", "a/b/c"));
}

TEST(Pattern, a_star_in_a_part_is_any_bytes_of_it) {
  EXPECT_TRUE(matches("info/*.list", "info/libc6:amd64.list"));
  EXPECT_TRUE(matches("info/*.list", "info/.list"));
  EXPECT_FALSE(matches("info/*.list", "info/x.lists"));
  EXPECT_FALSE(matches("info/*.list", "info/a/x.list"));
  EXPECT_TRUE(matches("lib*.so*", "libssl.so.3"));
  EXPECT_TRUE(matches("a*b*c", "axxbyybzc"));
  EXPECT_FALSE(matches("a*b*c", "axxbyybz"));
}

TEST(Pattern, stars_at_the_front_are_any_folders_and_none) {
  EXPECT_TRUE(matches("**/lib/apk/db/installed", "lib/apk/db/installed"));
  EXPECT_TRUE(matches("**/lib/apk/db/installed", "usr/lib/apk/db/installed"));
  EXPECT_TRUE(matches("**/lib/apk/db/installed", "a/b/c/lib/apk/db/installed"));
  EXPECT_FALSE(matches("**/lib/apk/db/installed", "xlib/apk/db/installed"));
  EXPECT_FALSE(matches("**/lib/apk/db/installed", "apk/db/installed"));
  EXPECT_TRUE(matches("**/*.jar", "a.jar"));
  EXPECT_TRUE(matches("**/*.jar", "opt/app/a.b.jar"));
}

TEST(Pattern, a_magic_is_bytes_at_a_place) {
  EXPECT_TRUE(matches(Magic{"ELF", 1},
                      "\x7F"
                      "ELF"));
  EXPECT_FALSE(matches(Magic{"ELF", 1}, "ELF"));
  EXPECT_FALSE(matches(Magic{"ELF", 1},
                       "\x7F"
                       "EL"));
  EXPECT_FALSE(matches(Magic{"ELF", 1}, ""));
}

constexpr auto kFirstWants =
    std::to_array<Pattern>({"etc/os-release", "**/lib/dpkg/status.d/*", "**/*.jar", "**/python*"});
constexpr auto kFirstReads = std::to_array<Pattern>({"**/lib*x*", "**/status"});
constexpr auto kSecondWants =
    std::to_array<Pattern>({"**/lib/dpkg/status", "**/share/doc/*/copyright", "*/*"});
constexpr Cataloger kFirst{
    .name = "first", .about = "", .version = 1, .wants = kFirstWants, .reads = kFirstReads};
constexpr Cataloger kSecond{.name = "second", .about = "", .version = 1, .wants = kSecondWants};
constexpr auto kBoth = std::to_array<const Cataloger*>({&kFirst, &kSecond});

TEST(PatternIndex, answers_as_asking_every_pattern_would) {
  const PatternIndex index(kBoth);
  constexpr auto kPaths = std::to_array<std::string_view>({"etc/os-release",
                                                           "x/etc/os-release",
                                                           "var/lib/dpkg/status.d/base",
                                                           "var/lib/dpkg/status",
                                                           "lib/dpkg/status",
                                                           "a.jar",
                                                           "opt/a.jar",
                                                           "opt/x/a.jar",
                                                           "opt/a.jar.x",
                                                           "usr/share/doc/bash/copyright",
                                                           "share/doc/copyright",
                                                           "usr/lib/libx.so",
                                                           "libax",
                                                           "status",
                                                           "",
                                                           "bin/ls",
                                                           "bin/python3.11",
                                                           "python",
                                                           "pyth",
                                                           "python3/x",
                                                           "usr/bin/ls",
                                                           "copyright",
                                                           "jar",
                                                           ".jar",
                                                           "dpkg/status.d/x"});
  for (const std::string_view path : kPaths) {
    const PatternIndex::Answer answer = index.look_up(path);
    for (std::size_t row = 0; row < kBoth.size(); ++row) {
      const auto fits = [path](Pattern pattern) { return matches(pattern, path); };
      EXPECT_EQ(answer.wants.test(row), std::ranges::any_of(kBoth[row]->wants, fits)) << path << " " << row;
      EXPECT_EQ(answer.reads.test(row), std::ranges::any_of(kBoth[row]->reads, fits)) << path << " " << row;
    }
  }
}

TEST(PatternIndex, of_the_rows_knows_their_files) {
  const auto names = [](std::string_view path) {
    std::vector<std::string_view> all;
    const PatternIndex::Rows wants = row_index().look_up(path).wants;
    for (std::size_t i = 0; i < all_catalogers().size(); ++i) {
      if (wants.test(i)) all.push_back(all_catalogers()[i]->name);
    }
    return all;
  };
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(names("var/lib/dpkg/status"), Names{"dpkg"});
  EXPECT_EQ(names("usr/lib/opkg/status"), Names{"opkg"});
  EXPECT_EQ(names("usr/lib/apk/db/installed"), Names{"apk"});
  EXPECT_EQ(names("usr/lib/sysimage/rpm/rpmdb.sqlite"), Names{"rpm"});
  EXPECT_EQ(names("usr/lib/os-release"), Names{"distro"});
  EXPECT_EQ(names("usr/bin/bash"), Names{});
}

}  // namespace
}  // namespace peekr
