// SPDX-License-Identifier: Apache-2.0
// YAML, read whole into a plain tree: the only door to yaml-cpp. All scalars are texts, as they stand.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace peekr {

struct Yaml {
  enum class Kind { null, text, list, map };
  Kind kind = Kind::null;
  std::size_t line = 0;      // on which it begins, from 1
  std::size_t key_line = 0;  // of its key, where it has one
  std::string text;
  std::vector<Yaml> items;
  struct Field;
  std::vector<Field> fields;  // in the order of the document, with what stands twice
};

struct Yaml::Field {
  std::string key;
  Yaml value;
};

// The first document of the bytes. Errc::damaged for what is no YAML, unsupported for aliases (a short document of them
// unfolds to any size) and keys that are no texts, limit for what is nested deeper than 64.
[[nodiscard]] Result<Yaml> parse_yaml(std::string_view bytes);
// The same of a file that people write for peekr: another document (unsupported) and a key that stands twice in its map (usage)
// are errors, for half of what was meant would do nothing.
[[nodiscard]] Result<Yaml> parse_one_yaml(std::string_view bytes);
// Of a text, or of a list of texts that is not empty. Errc::usage: it is neither.
[[nodiscard]] Result<std::vector<std::string>> texts_of(const Yaml& node);

}  // namespace peekr
