// SPDX-License-Identifier: Apache-2.0
// A file of an image that is packed as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/note.h"

namespace peekr {

// Unpacked by its first bytes: gzip, zstd, bzip2, xz; else as it is. Errc::limit over `limit` bytes.
[[nodiscard]] Result<std::string> unpacked(std::string_view bytes, std::uint64_t limit);

// What a Note about such an error is.
[[nodiscard]] Why why_of(const Error& error);

}  // namespace peekr
