// SPDX-License-Identifier: Apache-2.0
#include "catalog/json_file.h"

#include <simdjson.h>

#include "base/text.h"

namespace peekr {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

bool read_json(simdjson::dom::parser& parser, const File& file, Inventory& found, element& root) {
  if (file.bytes.size() > kMostJson) {
    found.notes.push_back(
        {file.path, Why::too_big, "JSON of more than " + std::to_string(kMostJson) + " bytes"});
    return false;
  }
  const std::string_view bytes = without_mark(file.bytes);
  const auto error = parser.parse(bytes.data(), bytes.size()).get(root);
  if (error == simdjson::SUCCESS) return true;
  found.notes.push_back(
      {file.path, Why::damaged, std::string("not JSON: ") + simdjson::error_message(error)});
  return false;
}

bool read_json(simdjson::dom::parser& parser, const File& file, Inventory& found, object& root) {
  element any;
  if (!read_json(parser, file, found, any)) return false;
  if (any.get(root) == simdjson::SUCCESS) return true;
  found.notes.push_back({file.path, Why::damaged, "not an object"});
  return false;
}

std::string json_text(object from, std::string_view key) {
  std::string_view text;
  return from.at_key(key).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

bool json_flag(object from, std::string_view key) {
  bool flag = false;
  return from.at_key(key).get(flag) == simdjson::SUCCESS && flag;
}

std::vector<std::string> json_texts(object from, std::string_view key) {
  std::vector<std::string> texts;
  array list;
  if (from.at_key(key).get(list) == simdjson::SUCCESS) {
    for (const element item : list) {
      if (std::string_view text; item.get(text) == simdjson::SUCCESS) texts.emplace_back(text);
    }
  } else if (std::string text = json_text(from, key); !text.empty()) {
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace peekr
