// SPDX-License-Identifier: Apache-2.0
// Where a package's epoch is from.
#pragma once

#include "model/package.h"

namespace peekr {

// Whether it was read from a database of rpm, which has the epoch where there is one; a document may leave it out.
[[nodiscard]] bool has_header(const Package& package);

}  // namespace peekr
