// SPDX-License-Identifier: Apache-2.0
#include "lib/yaml.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

std::string shape(const Yaml& node) {
  std::string out;
  switch (node.kind) {
    case Yaml::Kind::null: return "~";
    case Yaml::Kind::text: return '"' + node.text + '"';
    case Yaml::Kind::list:
      for (const Yaml& item : node.items) out += (out.empty() ? "" : ", ") + shape(item);
      return "[" + out + "]";
    case Yaml::Kind::map:
      for (const auto& [key, value] : node.fields)
        out += (out.empty() ? "" : ", ") + key + ": " + shape(value);
      return "{" + out + "}";
  }
  return out;
}

TEST(Yaml, lists_maps_and_scalars_stand_as_they_are_written) {
  EXPECT_EQ(shape(parse_yaml("a:\n  - 1.10\n  - yes\nb: {c: ~, d: 'x: y'}\na: []\n").value()),
            R"({a: ["1.10", "yes"], b: {c: ~, d: "x: y"}, a: []})");
  EXPECT_EQ(shape(parse_yaml("").value()), "~");
  EXPECT_EQ(shape(parse_yaml("--- 1\n--- 2\n").value()), R"("1")");
}

TEST(Yaml, every_value_knows_its_line) {
  const Yaml root = parse_yaml("a: 1\nb:\n  - x\n  - {c: 2}\n").value();
  EXPECT_EQ(root.fields[0].value.line, 1U);
  EXPECT_EQ(root.fields[1].value.key_line, 2U);
  EXPECT_EQ(root.fields[1].value.line, 3U);
  EXPECT_EQ(root.fields[1].value.items[1].fields[0].value.line, 4U);
}

TEST(Yaml, a_second_document_is_an_error_where_one_is_wanted) {
  EXPECT_EQ(shape(parse_one_yaml("--- 1\n...\n").value()), R"("1")");
  EXPECT_EQ(parse_one_yaml("a: 1\n---\nb: 2\n").error().message, "line 2: a second document");
  EXPECT_EQ(parse_one_yaml("a: 1\n---\n").error().message, "line 2: a second document");
  EXPECT_EQ(parse_one_yaml("---\n---\na: 1\n").error().message, "line 2: a second document");
  EXPECT_EQ(parse_one_yaml("a: 1\n---\n---\nb: 2\n").error().message, "line 2: a second document");
  EXPECT_EQ(parse_one_yaml("a: [1\n---\n").error().code, Errc::damaged);
}

TEST(Yaml, a_key_that_stands_twice_is_an_error_where_people_write_the_file) {
  EXPECT_EQ(parse_one_yaml("- {a: 1, b: 2}\n- a: 1\n  b: 2\n  a: 3\n").error().message,
            "not YAML that is read: line 4: a: stands twice");
  EXPECT_TRUE(parse_one_yaml("a: {a: 1}\nb: {a: 1}\n"));
  EXPECT_TRUE(parse_yaml("a: 1\na: 2\n"));
}

TEST(Yaml, texts_are_one_or_several) {
  const auto texts = [](std::string_view yaml) { return texts_of(parse_yaml(yaml).value()); };
  EXPECT_EQ(texts("a").value(), std::vector<std::string>{"a"});
  EXPECT_EQ(texts("[a, b]").value(), (std::vector<std::string>{"a", "b"}));
  for (const char* other : {"[]", "", "{a: b}", "[a, [b]]"})
    EXPECT_EQ(texts(other).error().message, "want a text or a list of texts") << other;
}

TEST(Yaml, what_is_damaged_deep_or_unfolds_is_an_error) {
  EXPECT_EQ(parse_yaml("a: [1, 2").error().code, Errc::damaged);
  EXPECT_EQ(parse_yaml("\t- a\n b: c: d").error().code, Errc::damaged);
  EXPECT_EQ(parse_yaml("a: &x [1]\nb: *x\n").error().code, Errc::unsupported);
  EXPECT_EQ(parse_yaml("? [1]\n: 2\n").error().code, Errc::unsupported);
  EXPECT_EQ(parse_yaml(std::string(65, '[') + std::string(65, ']')).error().code, Errc::limit);
  EXPECT_FALSE(parse_yaml(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace peekr
