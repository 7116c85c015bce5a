// SPDX-License-Identifier: Apache-2.0
// Settings: what a user may ask of the judgement, one row each. A row is an option of the command line and a key of policy files
// (policy_file.h) by the same name, so that both mean the same; docs/schema/policy.schema.json is made from the rows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"

namespace peekr {

struct Setting {
  enum class Kind : std::uint8_t {
    text,
    number,
    flag,   // true or false
    list,   // of texts; on the command line with commas between
    file,   // in a policy file: relative to its folder
    files,  // as often as one likes
  };
  enum class Group : std::uint8_t { gate, filter, baseline };  // commands have some of them
  std::string_view name;                                       // "severity"
  std::string_view names;                                      // "-s,--severity"
  Kind kind{};
  Group group{};
  std::string_view value;         // what stands for it in the help: "LIST"; of flags empty
  std::string_view about, usage;  // the help has both, one behind the other
  // Errors begin with the value: "hihg: want ...". Only says which files are wanted; none is opened.
  Status (*set)(const std::vector<std::string>& values, Policy& policy);
};

// In the order in which help and documents have them.
[[nodiscard]] std::span<const Setting> settings();
// Null: there is none of that name.
[[nodiscard]] const Setting* setting_named(std::string_view name);

}  // namespace peekr
