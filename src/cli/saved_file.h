// SPDX-License-Identifier: Apache-2.0
// Files that -f json wrote: for convert, diff and db update.
#pragma once

#include <string>

#include "base/result.h"
#include "report/saved.h"

namespace peekr {

// "-" and pipes are, and what begins as no target does.
[[nodiscard]] bool is_saved_file(const std::string& path);
// "-" is standard input.
Result<Saved> read_saved_file(const std::string& path);

}  // namespace peekr
