// SPDX-License-Identifier: Apache-2.0
#include "lib/template.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

std::string expanded(std::string_view text) {
  const Result<Template> made = Template::parse(text);
  if (!made) return made.error().message;
  TemplateValues all = made->values();
  all.set("name", "a<b\"");
  for (const char* id : {"1", "2"}) {
    TemplateValues one = all.add("findings");
    one.set("id", id);
    if (*id == '2') one.show("fixed");
  }
  std::string out;
  made->expand(out);
  return out;
}

TEST(Template, has_values_and_sections_and_escapes_where_it_is_told_to) {
  EXPECT_EQ(expanded("{{name}} {{name:h}} {{nothing}}.\n"), "a<b\" a&lt;b&quot; .\n");
  EXPECT_EQ(expanded("{{#findings}}{{id}} of {{name}}{{#fixed}}!{{/fixed}}{{#findings_separator}}, "
                     "{{/findings_separator}}{{/findings}}"),
            "1 of a<b\", 2 of a<b\"!");
  EXPECT_EQ(expanded(""), "");
}

TEST(Template, that_is_none_is_an_error_and_none_loads_a_file) {
  for (const char* none :
       {"{{#open}} x", "{{#a}}{{/b}}", "{{name:nosuch}}", "{{", "x {{name", "{{>/etc/passwd}}"})
    EXPECT_TRUE(expanded(none).starts_with("not a template")) << none;
  EXPECT_EQ(expanded("{{>other}}."), ".");
}

}  // namespace
}  // namespace peekr
