// SPDX-License-Identifier: Apache-2.0
// Names and paths with wildcards, as ignore files have them.
#pragma once

#include <string_view>

namespace peekr {

// "*" is any number of characters, "?" is one; both match "/", too, and all else is itself. Of paths "**" is the same as
// "*". Time: the product of the two lengths at most.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);
// The same as Go's doublestar has it: of a path, * and ? are within one folder, ** is any number of them.
[[nodiscard]] bool path_glob_matches(std::string_view pattern, std::string_view path);

}  // namespace peekr
