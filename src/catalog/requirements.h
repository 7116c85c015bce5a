// SPDX-License-Identifier: Apache-2.0
// Lines of pip's lists of requirements: catalog/requirements.cc has the format.
#pragma once

#include <string>
#include <string_view>

namespace peekr {

// The next line with those that it goes on in, without a comment.
[[nodiscard]] std::string next_requirement(std::string_view& rest);
// What it asks for, without the condition and the options behind it; empty: only an option.
[[nodiscard]] std::string_view asked_in(std::string_view requirement);

}  // namespace peekr
