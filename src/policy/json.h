// SPDX-License-Identifier: Apache-2.0
// What is read out of JSON documents here: a member that is not there, or is something else, is empty.
#pragma once

#include <functional>
#include <string_view>

namespace simdjson::dom {
class element;
}

namespace peekr {

[[nodiscard]] std::string_view json_text(const simdjson::dom::element& from, std::string_view key);
// Calls use(element) for each item of the list.
void each(const simdjson::dom::element& from, std::string_view key,
          const std::function<void(const simdjson::dom::element&)>& use);

}  // namespace peekr
