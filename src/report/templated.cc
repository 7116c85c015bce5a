// SPDX-License-Identifier: Apache-2.0
// A report in a form of the user's own: a template (lib/template.h) over what json.cc writes. A field that is an object or a list is a
// section, once for each item; any other is a value, and a section that is shown where it is there and says something: {{#fixed_in}}upgrade to
// {{fixed_in}}{{/fixed_in}}. Of an empty list there is the section no_NAME.
#include <simdjson.h>

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "lib/template.h"
#include "report/reporter.h"

namespace peekr {
namespace reporters {
extern const Reporter json;
}  // namespace reporters

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

struct Open {
  object of;
  TemplateValues to;
};

// For a terminal, too: of control characters only the ends of lines stay.
std::string shown(std::string text) {
  std::ranges::replace(text, '\t', ' ');
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    out += printable(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    out += '\n';
    rest.remove_prefix(end + 1);
  }
  return out;
}

void set_value(std::string_view key, const element& value, TemplateValues to) {
  std::string_view text;
  if (value.is_null()) return;
  const std::string all =
      value.get(text) == simdjson::SUCCESS ? shown(std::string(text)) : simdjson::minify(value);
  to.set(key, all);
  if (!all.empty() && all != "false") to.show(key);
}

void set_list(std::string_view key, const array& list, TemplateValues to, std::vector<Open>& open) {
  if (list.size() == 0) to.show("no_" + std::string(key));
  for (const element item : list) {
    if (object inner; item.get(inner) == simdjson::SUCCESS) open.push_back({inner, to.add(key)});
  }
}

void set_all(object root, TemplateValues values) {
  std::vector<Open> open = {{root, values}};
  while (!open.empty()) {
    const auto [of, to] = open.back();
    open.pop_back();
    for (const auto [key, value] : of) {
      object inner;
      array list;
      if (value.get(inner) == simdjson::SUCCESS) {
        open.push_back({inner, TemplateValues(to).add(key)});
      } else if (value.get(list) == simdjson::SUCCESS) {
        set_list(key, list, to, open);
      } else {
        set_value(key, value, to);
      }
    }
  }
}

void expand(const std::string& json, const Style& style, std::string& out) {
  const Result<Template> made = Template::parse(style.template_text);
  assert(made);  // who reads it from a file asks
  simdjson::dom::parser parser;
  object root;
  [[maybe_unused]] const bool whole = parser.parse(json).get(root) == simdjson::SUCCESS;
  assert(whole);
  set_all(root, made->values());
  made->expand(out);
}

void scan(const Report& report, const Style& style, std::string& out) {
  std::string json;
  reporters::json.scan(report, style, json);
  expand(json, style, out);
}

void inventory(const Report& report, const Style& style, std::string& out) {
  std::string json;
  reporters::json.inventory(report, style, json);
  expand(json, style, out);
}

void platforms(const IndexReport& index, Extent extent, const Style& style, std::string& out) {
  std::string json;
  reporters::json.platforms(index, extent, style, json);
  expand(json, style, out);
}

}  // namespace

namespace reporters {
extern const Reporter templated;
constexpr Reporter templated = {.name = "template",
                                .about = "a form of your own: --template FILE over what json has",
                                .scan = scan,
                                .inventory = inventory,
                                .platforms = platforms,
                                .shows_plan = true};
}  // namespace reporters

}  // namespace peekr
