// SPDX-License-Identifier: Apache-2.0
#include "catalog/stanza.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace peekr {
namespace {

std::vector<std::string> keys(std::string_view bytes) {
  std::vector<std::string> all;
  StanzaReader reader(bytes, "Package");
  for (Stanza stanza; reader.next(stanza);) all.emplace_back(stanza.value("Package"));
  return all;
}

using Keys = std::vector<std::string>;

TEST(Stanza, headers_are_compared_without_case_and_values_are_trimmed) {
  Stanza stanza;
  StanzaReader reader("pAcKaGe:\t a \r\nVersion:1:2\n", "Package");
  ASSERT_TRUE(reader.next(stanza));
  EXPECT_EQ(stanza.value("Package"), "a");
  EXPECT_EQ(stanza.value("VERSION"), "1:2");
  EXPECT_FALSE(stanza.has("Source"));
  EXPECT_EQ(stanza.bad_line(), 0u);
  EXPECT_FALSE(reader.next(stanza));
}

TEST(Stanza, ends_at_an_empty_line_or_where_its_key_comes_again) {
  EXPECT_EQ(keys("Package: a\n\n\n\nPackage: b\nPackage: c"), (Keys{"a", "b", "c"}));
  EXPECT_EQ(keys("Package: a\r\n\r\nPackage: b\r\n"), (Keys{"a", "b"}));
  EXPECT_EQ(keys("Package: a\nText: x\n \n y\nEnd: z\n"), (Keys{"a"}));
  EXPECT_EQ(keys(""), Keys{});
  EXPECT_EQ(keys("\n \n\n"), Keys{});
}

TEST(Stanza, knows_the_line_it_starts_at_and_its_first_bad_line) {
  Stanza stanza;
  StanzaReader reader(
      "\n\nPackage: a\nbad\n x\nworse\n\n\nPackage: b\nPackage: c\n continued\n#: no comment\n", "Package");
  ASSERT_TRUE(reader.next(stanza));
  EXPECT_EQ(stanza.line(), 3u);
  EXPECT_EQ(stanza.bad_line(), 4u);
  ASSERT_TRUE(reader.next(stanza));
  EXPECT_EQ(stanza.line(), 9u);
  EXPECT_EQ(stanza.bad_line(), 0u);
  ASSERT_TRUE(reader.next(stanza));
  EXPECT_EQ(stanza.line(), 10u);
  EXPECT_EQ(stanza.bad_line(), 0u);
  EXPECT_FALSE(reader.next(stanza));
}

TEST(Stanza, keeps_a_bounded_number_of_headers_and_says_so) {
  std::string bytes = "Package: a\n";
  for (int i = 0; i < 1000; ++i) bytes += "Field-" + std::to_string(i) + ": x\n";
  Stanza stanza;
  ASSERT_TRUE(StanzaReader(bytes, "Package").next(stanza));
  EXPECT_TRUE(stanza.has("Field-100"));
  EXPECT_FALSE(stanza.has("Field-999"));
  EXPECT_NE(stanza.bad_line(), 0u);
}

TEST(FileNotes, count_what_they_leave_out) {
  Inventory found;
  const Path path("a");
  FileNotes notes(path, found);
  for (int i = 0; i < 25; ++i) notes.add(Why::damaged, "x");
  notes.finish();
  ASSERT_EQ(found.notes.size(), 21u);
  EXPECT_EQ(found.notes.back().what, "5 more like these");
}

}  // namespace
}  // namespace peekr
