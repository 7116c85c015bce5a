// SPDX-License-Identifier: Apache-2.0
// Whole files of the user's (never of an image): advisories, options.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace peekr {

class Fd;

// A whole file of at most `limit` bytes; longer is an error (Errc::limit) that names the path and the limit.
Result<std::string> read_file(const std::string& path, std::uint64_t limit);
// The same of what an open file has from where it is read next; `path`: its name, for errors.
Result<std::string> read_rest(const Fd& file, const std::string& path, std::uint64_t limit);

}  // namespace peekr
