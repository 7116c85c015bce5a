// SPDX-License-Identifier: Apache-2.0
#include "policy/json.h"

#include <simdjson.h>

namespace peekr {

std::string_view json_text(const simdjson::dom::element& from, std::string_view key) {
  std::string_view value;
  return from[key].get(value) == simdjson::SUCCESS ? value : std::string_view();
}

void each(const simdjson::dom::element& from, std::string_view key,
          const std::function<void(const simdjson::dom::element&)>& use) {
  simdjson::dom::array items;
  if (from[key].get(items) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element item : items) use(item);
}

}  // namespace peekr
