// SPDX-License-Identifier: Apache-2.0
// zstd (RFC 8878), the writing side, by libzstd; inflate.h reads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

// One frame with a checksum. Frames one after the other are the frame of all their bytes.
[[nodiscard]] Result<std::string> zstd_packed(std::string_view bytes);
// The bytes of frames that are at hand whole. Errc::limit over `limit` unpacked bytes.
[[nodiscard]] Result<std::string> zstd_unpacked(std::string_view packed, std::uint64_t limit);

}  // namespace peekr
