// SPDX-License-Identifier: Apache-2.0
// Tar: walks the entries of a tar stream: v7, ustar (POSIX.1-1988), pax (POSIX.1-2001, global and extended headers), GNU
// long names, base-256 numbers and sparse files. Pull style: next() the header, then read() or leave the body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "image/bytes.h"
#include "model/limits.h"

namespace peekr {

struct TarEntry {
  enum class Kind { file, hard_link, symlink, directory, device, other };
  Kind kind{};
  std::string name;          // as written, pax and GNU long names applied; not normalised
  std::string link;          // of a hard or symbolic link
  std::uint32_t mode = 0;    // permission bits
  std::uint64_t size = 0;    // of the file as an unpacker would make it (sparse: with its holes), bytes
  std::uint64_t stored = 0;  // of the body in the archive, bytes
  std::uint64_t offset = 0;  // of the body in the stream
  bool sparse = false;
};

class Tar {
 public:
  Tar(ByteSource& source, const Limits& limits) : source_(source), limits_(limits) {}

  // The next entry; false at the end (two zero blocks, or the end of the stream, then ended_early()). The body of the
  // entry before, where not read, is left out.
  Result<bool> next(TarEntry& entry);
  // The stored body of the current entry, all of it; Errc::limit over limits.file_bytes, damaged when it is cut short.
  // For a sparse entry, the file with its holes.
  Result<std::string> read();
  // Whether the stream ended without the two zero blocks.
  [[nodiscard]] bool ended_early() const { return ended_early_; }
  // After next() was false: the first non-zero byte of what is left in the stream, if any (the rest is consumed).
  Result<bool> trailing_data();

 private:
  struct Pending;
  Result<std::string_view> take(std::size_t size, std::string& spill);
  Status leave(std::uint64_t size);
  Status read_pax(std::uint64_t size, Pending& pending);

  ByteSource& source_;
  const Limits& limits_;
  std::string_view window_;     // bytes of the source not yet consumed
  std::uint64_t position_ = 0;  // in the stream, of window_
  std::uint64_t body_left_ = 0, padding_ = 0;
  bool ended_early_ = false;
};

}  // namespace peekr
