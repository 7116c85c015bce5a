// SPDX-License-Identifier: Apache-2.0
// JSON Lines (jsonlines.org): each line is a document of its own, as tools write several records or attestations.
#pragma once

#include <string_view>

#include "base/text.h"

namespace peekr {

// Behind a line that ends an object stands another, which it cannot within one document.
[[nodiscard]] inline bool is_json_lines(std::string_view text) {
  text = trim(text);
  const std::string_view first = trim(next_line(text));
  return first.starts_with('{') && first.ends_with('}') && trim(text).starts_with('{');
}

}  // namespace peekr
