// SPDX-License-Identifier: Apache-2.0
// What else is to be known of vcpkg's files: which are its own.
#pragma once

#include "model/path.h"

namespace peekr {

// Whether it is the document of an installed port, which catalog/vcpkg.cc reads.
[[nodiscard]] bool is_of_vcpkg(const Path& path);

}  // namespace peekr
