// SPDX-License-Identifier: Apache-2.0
// Java runtimes, whose versions have an order of their own (version/jvm.cc).
#pragma once

#include "model/package.h"

namespace peekr {

// By the products that NVD has them as.
[[nodiscard]] bool is_java_runtime(const Package& package);

}  // namespace peekr
