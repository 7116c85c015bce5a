// SPDX-License-Identifier: Apache-2.0
// A file that is one YAML document, and its fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "image/reader.h"
#include "lib/yaml.h"

namespace peekr {

// The document, which must be a map; anything else is a Note and nothing.
[[nodiscard]] std::optional<Yaml> read_yaml(const File& file, Inventory& found);

// The field; null: there is none.
[[nodiscard]] const Yaml* yaml_field(const Yaml& from, std::string_view key);
// A field that is a text; empty where there is none.
[[nodiscard]] std::string yaml_text(const Yaml& from, std::string_view key);

}  // namespace peekr
