// SPDX-License-Identifier: Apache-2.0
// Whole files of the user's (never of an image): advisories, options.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace peekr {

// A whole file of at most `limit` bytes; longer is an error (Errc::limit) that names the path and the limit.
Result<std::string> read_file(const std::string& path, std::uint64_t limit);

}  // namespace peekr
