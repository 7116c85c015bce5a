// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <gtest/gtest.h>

#include <utility>

#include "report/reporter.h"

namespace peekr::html {
namespace {

TEST(Html, text_of_others_is_no_markup) {
  EXPECT_EQ(escaped("</script><img src='x' onerror=\"a&b\">"),
            "&lt;/script&gt;&lt;img src=&#39;x&#39; onerror=&quot;a&amp;b&quot;&gt;");
  EXPECT_EQ(escaped("a\n\tb\x1b[2J"), "a b\xEF\xBF\xBD[2J");
  EXPECT_EQ(escaped("\xFF\xFE"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(escaped("naïve 中文 🦊"), "naïve 中文 🦊");
}

TEST(Html, no_character_turns_the_direction_of_writing) {
  EXPECT_EQ(escaped("a\u202Egnp.exe\u2069\u200F\u061C"), "a\uFFFDgnp.exe\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(escaped("\u2010\u202F\u2065x"), "\u2010\u202F\u2065x");
}

TEST(Html, values_take_the_places_of_braces_and_braces_in_values_stay) {
  std::string out;
  Html(out).put("<b title=\"{}\">{}</b>", {"{}\"", "<{}>"});
  EXPECT_EQ(out, "<b title=\"{}&quot;\">&lt;{}&gt;</b>");
}

TEST(Html, only_addresses_of_the_web_are_links) {
  std::string out;
  const Html html(out);
  html.link("HTTPS://example.org/a b", "x");
  html.link("javascript:alert(1)", "y");
  html.link(" https://example.org", "z");
  html.link("data:text/html,x", "d");
  EXPECT_EQ(out, "<a href=\"HTTPS://example.org/a%20b\" rel=\"noopener noreferrer\">x</a>yzd");
}

TEST(Html, a_tag_alone_is_said_to_be_one) {
  for (const auto& [tag, fact] :
       {std::pair("12", "<li>tag 12</li>"), std::pair("debian:12", "<li>debian:12</li>")}) {
    Report report;
    report.image.tag = tag;
    std::string out;
    find_reporter("html")->scan(report, {}, out);
    EXPECT_NE(out.find(fact), std::string::npos) << tag;
  }
}

}  // namespace
}  // namespace peekr::html
