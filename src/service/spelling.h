// SPDX-License-Identifier: Apache-2.0
// Spelling: ecosystems as people write them, and as packages are looked up by.
#pragma once

#include <string>

namespace peekr {

// "PyPI" of "pypi", "Debian:12" of "Debian:bookworm", "Alpine:v3.18" of "Alpine:3.18"; most as they are. Empty: of a family that no
// package is judged by.
[[nodiscard]] std::string looked_up_as(const std::string& ecosystem);

}  // namespace peekr
