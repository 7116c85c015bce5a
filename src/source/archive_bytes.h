// SPDX-License-Identifier: Apache-2.0
// Where the bytes of an image archive are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/guarded.h"
#include "image/bytes.h"
#include "model/limits.h"
#include "model/note.h"

namespace peekr {

// Either the file, or, where that is compressed, what it unpacks to: in pieces, so that growing copies nothing. Where that is too much
// to keep, each member is unpacked anew, with all that stands before it: of all together limits.layer_bytes, so that no list of layers
// makes endless work of it.
struct ArchiveBytes {
  std::shared_ptr<const Fd> file;
  std::uint64_t size = 0;                             // anew: of the packed file
  std::vector<std::string> pieces;                    // each of kPiece bytes but the last
  std::optional<Limits> anew;                         // by which it is unpacked
  std::shared_ptr<Guarded<std::uint64_t>> left = {};  // anew: of what may be unpacked

  static constexpr std::size_t kPiece = 1 << 20;
};

Result<std::uint64_t> file_size(const Fd& file);

// Of the archive, so many bytes from there on.
std::unique_ptr<ByteSource> part_of(const std::shared_ptr<const ArchiveBytes>& bytes, std::uint64_t offset,
                                    std::uint64_t size);

// These, kept.
std::shared_ptr<const ArchiveBytes> bytes_of(std::string_view text);

// All of a compressed file, if that is within limits.archive_bytes; else it is to be unpacked anew.
Status unpack_whole(const std::shared_ptr<const Fd>& file, const Limits& limits, ArchiveBytes& bytes,
                    std::vector<Note>& notes);

}  // namespace peekr
