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

TEST(Toml, what_follows_a_damaged_head_is_of_no_table) {
  for (const char* head : {"[[a]", "[a", "[]", "[[", "[a] b"})
    EXPECT_EQ(read(std::string("[x]\n") + head + "\nk = 1\n"), "[][x][] k=1; 2") << head;
}

}  // namespace
}  // namespace peekr
