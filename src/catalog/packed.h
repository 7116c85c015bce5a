// SPDX-License-Identifier: Apache-2.0
// A file of an image that is packed as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "image/reader.h"
#include "lib/inflate.h"
#include "model/note.h"

namespace peekr {

// Of all archives in a file, however deep: 64 MB or 200 times its bytes, 1 GB at most.
[[nodiscard]] Allowance nested_allowance(const File& file);

// Unpacked by its first bytes: gzip, zstd, bzip2, xz; else as it is. Errc::limit over what is left, which it spends.
[[nodiscard]] Result<std::string> unpacked(std::string_view bytes, Allowance& allowance);

struct Deflated {
  std::string_view bytes;
  Wrapping wrapping = Wrapping::bare;
  std::uint64_t likely = 0;  // bytes unpacked, as is claimed
};
// The same for deflated bytes; Errc::limit over `most` bytes, too. What was in vain is spent as well.
[[nodiscard]] Result<std::string> inflated_within(const Deflated& packed, std::uint64_t most,
                                                  Allowance& allowance);

// The error that says so; what was left is spent.
[[nodiscard]] std::unexpected<Error> over(Allowance& allowance);

// What a Note about such an error is.
[[nodiscard]] Why why_of(const Error& error);

}  // namespace peekr
