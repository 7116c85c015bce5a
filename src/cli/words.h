// SPDX-License-Identifier: Apache-2.0
// Words of a command line: which of those that there are was meant, and which say too much.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// The one of `names` that is most like it, or that goes on for a few letters more; empty: none is like it.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& names);
// "; did you mean scan?"; empty where there is no such name. All of them begin with `prefix`, which makes no two alike.
[[nodiscard]] std::string meant(std::string_view word, const std::vector<std::string>& names,
                                std::string_view prefix = "");
// "https://user:secret@host/path?token=1" -> "https://...@host/path?...".
[[nodiscard]] std::string without_secrets(const std::string& value);

}  // namespace peekr
