// SPDX-License-Identifier: Apache-2.0
// Base64 with the standard alphabet (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace peekr {

[[nodiscard]] std::string base64_encoded(std::string_view bytes);
// With or without its padding; nothing for anything else.
[[nodiscard]] std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace peekr
