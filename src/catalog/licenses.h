// SPDX-License-Identifier: Apache-2.0
// Licence names out of the copyright files of Debian packages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// usr/share/doc/*/copyright: the names of its "License:" lines (Debian's machine-readable copyright
// format 1.0), or, where it has none, of the texts in /usr/share/common-licenses that it refers to. Sorted,
// each once.
[[nodiscard]] std::vector<std::string> licenses_of_copyright(std::string_view bytes);

}  // namespace peekr
