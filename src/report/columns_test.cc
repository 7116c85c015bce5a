// SPDX-License-Identifier: Apache-2.0
#include "report/columns.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

TEST(Columns, count_code_points_and_not_bytes) {
  EXPECT_EQ(columns("glibc"), 5U);
  EXPECT_EQ(columns("Möwe…"), 5U);
}

TEST(Columns, one_line_leaves_no_control_characters_and_no_line_breaks) {
  EXPECT_EQ(one_line(" RUN \t apt-get\n\tupdate "), "RUN apt-get update");
  EXPECT_EQ(one_line("a\x1b[31mb"), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(one_line("a\xFF"), "a\xEF\xBF\xBD");
}

TEST(Columns, shortened_says_that_it_is_and_cuts_no_code_point) {
  EXPECT_EQ(shortened("openssl", 7), "openssl");
  EXPECT_EQ(shortened("openssl", 5), "open…");
  EXPECT_EQ(shortened("ööööö", 3), "öö…");
  EXPECT_EQ(shortened("openssl", 0), "");
}

TEST(Columns, filled_counts_what_is_seen) {
  EXPECT_EQ(filled("öö", 4), "öö  ");
  EXPECT_EQ(filled("four", 2), "four");
}

TEST(Columns, wrapped_breaks_between_words_only) {
  EXPECT_EQ(wrapped("one two three", {.width = 8, .indent = 2}), "one two\n  three\n");
  EXPECT_EQ(wrapped("averylongword b", {.width = 4, .indent = 1}), "averylongword\n b\n");
  EXPECT_EQ(wrapped("", {}), "\n");
}

TEST(Columns, wrapped_keeps_head_and_leading_blanks_and_puts_the_suffix_where_it_breaks) {
  EXPECT_EQ(wrapped("a  b", {.head = "x:   "}), "x:   a b\n");
  EXPECT_EQ(wrapped("  a b", {}), "  a b\n");
  EXPECT_EQ(wrapped("aa bb cc", {.width = 6, .indent = 1, .suffix = " \\"}), "aa \\\n bb \\\n cc\n");
}

TEST(Columns, digits_are_grouped_by_three) {
  EXPECT_EQ(grouped_digits(0), "0");
  EXPECT_EQ(grouped_digits(999), "999");
  EXPECT_EQ(grouped_digits(1000), "1,000");
  EXPECT_EQ(grouped_digits(1234567), "1,234,567");
}

TEST(Columns, counted_knows_one_from_many) {
  EXPECT_EQ(counted(1, "vulnerability"), "1 vulnerability");
  EXPECT_EQ(counted(2, "vulnerability"), "2 vulnerabilities");
  EXPECT_EQ(counted(2, "day"), "2 days");
  EXPECT_EQ(counted(0, "package"), "0 packages");
}

TEST(Columns, paint_leaves_text_alone_without_colour) {
  EXPECT_EQ(Paint(false)("x", "1"), "x");
  EXPECT_EQ(Paint(true)("x", "1"), "\x1b[1mx\x1b[0m");
}

}  // namespace
}  // namespace peekr
