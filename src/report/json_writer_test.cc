// SPDX-License-Identifier: Apache-2.0
#include "report/json_writer.h"

#include <gtest/gtest.h>

#include <vector>

namespace peekr {
namespace {

template <class Fields>
std::string written(const Fields& fields) {
  std::string out;
  JsonWriter json(out);
  json.document([&] { fields(json); });
  return out;
}

TEST(JsonWriter, writes_what_it_is_told_in_that_order) {
  EXPECT_EQ(
      written([](JsonWriter& json) {
        json.text("b", "x");
        json.number("a", 18446744073709551615U);
        json.integer("i", -1);
        json.decimal("d", 9.8);
        json.flag("f", false);
        json.null("n");
      }),
      "{\n  \"b\": \"x\",\n  \"a\": 18446744073709551615,\n  \"i\": -1,\n  \"d\": 9.8,\n  \"f\": false,\n"
      "  \"n\": null\n}\n");
}

TEST(JsonWriter, items_of_lists_are_records) {
  const std::vector<std::string> ids = {"CVE-1", "CVE-2"};
  EXPECT_EQ(
      written([&](JsonWriter& json) { json.texts("names", ids, "id"); }),
      "{\n  \"names\": [\n    {\n      \"id\": \"CVE-1\"\n    },\n    {\n      \"id\": \"CVE-2\"\n    }\n"
      "  ]\n}\n");
}

TEST(JsonWriter, empty_things_stay_on_one_line) {
  EXPECT_EQ(written([](JsonWriter& json) {
              json.texts("l", std::vector<std::string>(), "x");
              json.record("r", [] {});
            }),
            "{\n  \"l\": [],\n  \"r\": {}\n}\n");
}

TEST(JsonWriter, escapes_what_must_be_and_replaces_what_is_not_utf8) {
  EXPECT_EQ(written([](JsonWriter& json) { json.text("k", "a\"b\\c\td\n\xFFö"); }),
            "{\n  \"k\": \"a\\\"b\\\\c\\u0009d\\u000a\xEF\xBF\xBDö\"\n}\n");
}

TEST(JsonWriter, runs_of_all_kinds_follow_one_another) {
  EXPECT_EQ(
      written([](JsonWriter& json) { json.text("k", "\"\"a b~\x7F\x7Fö€\xC3\"\xA9\\\x01\x02z\xE2\x82"); }),
      "{\n  \"k\": \"\\\"\\\"a b~\xEF\xBF\xBD\xEF\xBF\xBDö€\xEF\xBF\xBD\\\"\xEF\xBF\xBD\\\\\\u0001\\u0002z"
      "\xEF\xBF\xBD\xEF\xBF\xBD\"\n}\n");
}

TEST(JsonWriter, a_nul_byte_is_escaped_and_does_not_end_the_text) {
  EXPECT_EQ(written([](JsonWriter& json) { json.text("k", std::string_view("a\0b", 3)); }),
            "{\n  \"k\": \"a\\u0000b\"\n}\n");
}

}  // namespace
}  // namespace peekr
