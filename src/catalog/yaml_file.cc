// SPDX-License-Identifier: Apache-2.0
#include "catalog/yaml_file.h"

#include <utility>

#include "catalog/packed.h"

namespace peekr {

std::optional<Yaml> read_yaml(const File& file, Inventory& found) {
  Result<Yaml> root = parse_yaml(file.bytes);
  if (!root) {
    found.notes.push_back({file.path, why_of(root.error()), root.error().message});
    return std::nullopt;
  }
  if (root->kind != Yaml::Kind::map) {
    found.notes.push_back({file.path, Why::damaged, "not a map"});
    return std::nullopt;
  }
  return *std::move(root);
}

const Yaml* yaml_field(const Yaml& from, std::string_view key) {
  for (const auto& [name, value] : from.fields) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string yaml_text(const Yaml& from, std::string_view key) {
  const Yaml* field = yaml_field(from, key);
  return field == nullptr || field->kind != Yaml::Kind::text ? std::string() : field->text;
}

}  // namespace peekr
