// SPDX-License-Identifier: Apache-2.0
// Members of the JSON documents that describe images, read strictly: what is missing or null is empty, what is of another type
// is damaged, and an object in which a key stands twice is not read at all. What they show lives as long as the parser.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/report.h"

namespace simdjson::dom {
class element;
class object;
class parser;
}  // namespace simdjson::dom

namespace peekr::strict {

using simdjson::dom::element;
using simdjson::dom::object;

Result<element> parse(simdjson::dom::parser& parser, std::string_view json);
Result<object> as_object(const element& value, std::string_view what);
Result<std::vector<element>> items(const element& value, std::string_view what);

[[nodiscard]] std::optional<element> member(const object& fields, std::string_view key);
Result<std::string> text(const object& fields, std::string_view key);
Result<std::vector<element>> list(const object& fields, std::string_view key);
Result<std::vector<std::string>> texts(const object& fields, std::string_view key);
// Annotations and labels: values that are no strings are left out, they are only for people and for choosing.
// Their keys differ by case, too: "Architecture" and "architecture" are two.
Result<std::map<std::string, std::string>> text_map(const object& fields, std::string_view key);

// Of a configuration's "config". It is no damage that something there has another type: it counts as not said.
[[nodiscard]] EntryPoint entry_of(const object& config);

}  // namespace peekr::strict
