// SPDX-License-Identifier: Apache-2.0
// What is read out of JSON documents here: a member that is not there, or is something else, is empty.
#pragma once

#include <simdjson.h>

#include <string_view>

namespace peekr {

[[nodiscard]] inline std::string_view json_text(const simdjson::dom::element& from, std::string_view key) {
  std::string_view value;
  return from[key].get(value) == simdjson::SUCCESS ? value : std::string_view();
}

// Calls use(element) for each item of the list.
template <typename Use>
void each(const simdjson::dom::element& from, std::string_view key, const Use& use) {
  simdjson::dom::array items;
  if (from[key].get(items) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element item : items) use(item);
}

}  // namespace peekr
