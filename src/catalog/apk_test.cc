// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "catalog/cataloger.h"

namespace peekr {
namespace catalogers {
extern const Cataloger apk;
}

namespace {

Inventory run(std::string_view bytes) {
  Inventory found;
  catalogers::apk.run({Path("lib/apk/db/installed"), bytes, {}}, found);
  return found;
}

TEST(Apk, a_long_folder_before_many_files_is_a_note_and_not_much_memory) {
  std::string bytes = "P:a\nV:1-r0\nF:" + std::string(100'000, 'd') + "\n";
  for (int i = 0; i < 10'000; ++i) bytes += "R:x" + std::to_string(i) + "\n";
  const Inventory found = run(bytes);
  ASSERT_EQ(found.packages.size(), 1u);
  EXPECT_LT(found.packages[0].files.size(), 100u);
  ASSERT_EQ(found.notes.size(), 1u);
  EXPECT_EQ(found.notes[0].why, Why::too_big);
}

TEST(Apk, reads_lines_of_megabytes) {
  const std::string bytes = "P:a\np:" + std::string(std::size_t{4} << 20, 'x') + "\nV:1-r0\n";
  const Inventory found = run(bytes);
  ASSERT_EQ(found.packages.size(), 1u);
  EXPECT_EQ(found.packages[0].version, "1-r0");
  EXPECT_TRUE(found.notes.empty());
}

TEST(Apk, says_what_a_package_needs_provides_and_comes_with) {
  const Inventory found =
      run("P:a\nV:1-r0\nD:so:libc.so.1 busybox>=1.36 /bin/sh php@edge !gcc x~1 busybox\n"
          "p:cmd:a=1-r0 so:a.so=1\ni:b=1-r0 c\n\nP:b\nV:1\n");
  ASSERT_EQ(found.packages.size(), 2u);
  using Texts = std::vector<std::string>;
  EXPECT_EQ(found.packages[0].needs, (Texts{"/bin/sh", "busybox", "php", "so:libc.so.1", "x"}));
  EXPECT_EQ(found.packages[0].provides, (Texts{"cmd:a", "so:a.so"}));
  EXPECT_EQ(found.packages[0].comes_with, (Texts{"b", "c"}));
  EXPECT_EQ(found.packages[1].needs, Texts());
}

TEST(Apk, short_names_by_the_million_are_a_note_and_not_much_memory) {
  std::string bytes = "P:a\nV:1-r0\nD:";
  for (int i = 0; i < 1'000'000; ++i) bytes += " b";
  const Inventory found = run(bytes + "\n");
  ASSERT_EQ(found.packages.size(), 1u);
  ASSERT_EQ(found.notes.size(), 1u);
  EXPECT_EQ(found.notes[0].why, Why::too_big);
}

}  // namespace
}  // namespace peekr
