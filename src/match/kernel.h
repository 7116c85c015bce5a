// SPDX-License-Identifier: Apache-2.0
// What a kernel's source builds beside the kernel. Pure.
#pragma once

#include "model/package.h"

namespace peekr {

// Whether the package is built from a kernel's source and holds no kernel: headers, documentation, tools. What is found in
// that source is found in the kernel, and in a container the host's runs.
[[nodiscard]] bool is_beside_kernel(const Package& package);

}  // namespace peekr
