// SPDX-License-Identifier: Apache-2.0
// A file that is one JSON document, and the texts of its objects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/reader.h"

namespace simdjson::dom {
class element;
class object;
class parser;
}  // namespace simdjson::dom

namespace peekr {

constexpr std::size_t kMostJson = 64 << 20;  // bytes: the parser takes twelve times as much

// The root of the document, which lives as long as the parser; what is no JSON is a Note, then the result is false.
[[nodiscard]] bool read_json(simdjson::dom::parser& parser, const File& file, Inventory& found,
                             simdjson::dom::element& root);
// The same of a document whose root must be an object.
[[nodiscard]] bool read_json(simdjson::dom::parser& parser, const File& file, Inventory& found,
                             simdjson::dom::object& root);

// A field that is a text; empty where there is none.
[[nodiscard]] std::string json_text(simdjson::dom::object from, std::string_view key);
// A field that is true.
[[nodiscard]] bool json_flag(simdjson::dom::object from, std::string_view key);
// A field that is a text or a list of texts.
[[nodiscard]] std::vector<std::string> json_texts(simdjson::dom::object from, std::string_view key);

}  // namespace peekr
