// SPDX-License-Identifier: Apache-2.0
// ByteSource: the bytes of one blob, front to back, from wherever it lives. What `source/` makes and the layer reader eats.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/result.h"

namespace peekr {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // The next bytes, valid until the next call; empty at the end.
  virtual Result<std::string_view> next() = 0;
  // Leave out `count` bytes (fewer at the end). Sources that can seek override it; then skipped bytes are never read.
  virtual Status skip(std::uint64_t count);

 protected:
  std::string_view rest_;  // handed out by next() but not yet consumed: for skip()
};

// A part of an open file: pread into one reused buffer. `file` is shared: several layers lie in one archive.
std::unique_ptr<ByteSource> file_bytes(std::shared_ptr<const Fd> file, std::uint64_t offset,
                                       std::uint64_t size);

}  // namespace peekr
