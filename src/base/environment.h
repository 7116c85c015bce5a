// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace peekr {

// What that variable says; empty: nothing, or it is not set.
[[nodiscard]] std::string environment(const char* name);

// $XDG_CONFIG_HOME, or what stands for it in $HOME; empty: nobody is at home.
[[nodiscard]] std::string user_config();

}  // namespace peekr
