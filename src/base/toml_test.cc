// SPDX-License-Identifier: Apache-2.0
#include "base/toml.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace peekr {
namespace {

// "[table] key=text;" of all of it, then the first bad line.
std::string read(std::string_view toml) {
  std::string text;
  TomlReader reader(toml);
  for (TomlTable table; reader.next(table);) {
    text += "[" + std::string(table.name) + "]";
    for (const auto& [key, value] : table.fields)
      text += " " + std::string(key) + "=" + table.text(key) + ";";
  }
  return text + " " + std::to_string(reader.first_bad_line());
}

TEST(Toml, tables_have_names_and_values_are_texts_or_as_they_stand) {
  EXPECT_EQ(read("a = 'x'\n[b] # c\nd = \"y\\\"z\" # e\n[[ f ]]\ng = [ 1, # h\n 2 ]\n"),
            "[] a=x;[b] d=y\"z;[f] g=[ 1, # h\n 2 ]; 0");
  EXPECT_EQ(read("[a.\"b]c\"]\nd = true\n"), "[][a.\"b]c\"] d=true; 0");
}

TEST(Toml, a_bad_line_is_named_and_costs_only_itself) {
  EXPECT_EQ(read("[a]\nb = \"c\nd = 1\n"), "[][a] d=1; 2");
  EXPECT_EQ(read("x = 1\nno value\ny =\n= z\nw = 2"), "[] x=1; w=2; 2");
  EXPECT_EQ(read("a = [ 1,\nb = 2\n"), "[] 1");
}

TEST(Toml, escapes_are_what_they_stand_for) {
  EXPECT_EQ(read(R"(a = "\n\t\"\\\u0041\U0001F600\u00e9\u20AC")"
                 "\nb = '\\n'\n"),
            "[] a=\n\t\"\\A\xF0\x9F\x98\x80\xC3\xA9\xE2\x82\xAC; b=\\n; 0");
  for (const char* escape : {R"(\x)", R"(\u004)", R"(\uD800)", R"(\U00110000)", R"(\u+041)"})
    EXPECT_EQ(read(std::string("a = \"") + escape + "\"\nb = 1\n"), "[] b=1; 1") << escape;
  EXPECT_EQ(read("a = \"x\\\nb = 1\n"), "[] b=1; 1");
}

TEST(Toml, three_quotes_hold_lines_and_quotes) {
  EXPECT_EQ(read("a = \"\"\"\nx\\\n   y \"\" \\\"\"\"\"\"\"\nb = 'z'\nc = \"\"\nd = \"\"\"\"\"\"\n"),
            "[] a=xy \"\" \"\"\"; b=z; c=; d=; 0");
}

TEST(Toml, a_value_is_alone_in_its_line) {
  for (const char* value : {"\"a\" \"b\"", "\"1.0\" junk", "z'", "1 \"a\"", "[1] 2", "1]", "[1][2]"})
    EXPECT_EQ(read(std::string("k = 1\nx = ") + value + "\ny = 2\n"), "[] k=1; y=2; 2") << value;
  EXPECT_EQ(read("x = \"a\" # b\ny = [ \"c\", {d = \"]\"} ] # e\nz = 1979-05-27 07:32:00\n"),
            "[] x=a; y=[ \"c\", {d = \"]\"} ]; z=1979-05-27 07:32:00; 0");
}

TEST(Toml, a_key_comes_once_and_needs_no_quotes) {
  EXPECT_EQ(read("[[\"package\"]]\n\"name\" = 'x'\nname = 'y'\n\"a b\" = 1\n"),
            "[][package] name=x; \"a b\"=1; 3");
}

TEST(Toml, what_follows_a_damaged_head_is_of_no_table) {
  for (const char* head : {"[[a]", "[a", "[]", "[[", "[a] b"})
    EXPECT_EQ(read(std::string("[x]\n") + head + "\nk = 1\n"), "[][x][] k=1; 2") << head;
}

TEST(Toml, a_flag_is_true_or_false) {
  TomlTable table;
  TomlReader reader("a = true\nb = false\nc = True\nd = 'true'\n");
  ASSERT_TRUE(reader.next(table));
  EXPECT_TRUE(table.flag("a").value());
  EXPECT_FALSE(table.flag("b").value());
  EXPECT_FALSE(table.flag("nowhere").value());
  for (const char* key : {"c", "d"})
    EXPECT_EQ(table.flag(key).error().message, std::string(key) + ": want true or false");
}

}  // namespace
}  // namespace peekr
