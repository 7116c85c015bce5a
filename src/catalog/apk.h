// SPDX-License-Identifier: Apache-2.0
// apk's dependencies, as its database and its list of what it was asked for have them.
#pragma once

#include <functional>
#include <string_view>

namespace peekr {

// "so:libc.musl-x86_64.so.1 busybox>=1.36 php@edge !gcc": the names, without what must not be there, and what stands behind each, ">=1.36", "@edge".
void add_apk_names(std::string_view line,
                   const std::function<void(std::string_view name, std::string_view rest)>& add);

}  // namespace peekr
