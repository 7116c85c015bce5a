// SPDX-License-Identifier: Apache-2.0
// The code names of Debian's and Ubuntu's releases.
#pragma once

#include <string_view>

namespace peekr {

// "12" of debian and "bookworm", "22.04" of ubuntu and "jammy", as VERSION_ID and OSV write it. Empty: none that is known, and what
// has no number ("sid") or is another one as time goes by ("stable").
[[nodiscard]] std::string_view release_of_codename(std::string_view id, std::string_view codename);

}  // namespace peekr
