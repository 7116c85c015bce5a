// SPDX-License-Identifier: Apache-2.0
// Tar: walks the entries of a tar stream: v7, ustar (POSIX.1-1988), pax (POSIX.1-2001; global headers are
// passed over), GNU long names, base-256 numbers and sparse files. Pull style: next() the header, then read()
// or leave the body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

  // The next entry; false at the end (a zero block, or the end of the stream, then ended_early()). The body
  // of the entry before, where not read, is left out.
  Result<bool> next(TarEntry& entry);
  // The stored body of the current entry, all of it; Errc::limit over limits.file_bytes, damaged when it is
  // cut short. For a sparse entry, the file with its holes.
  Result<std::string> read();
  // Of a sparse entry, which may state any size: what is stored of it, then the first bytes, at most `most`, of the file that it
  // makes.
  Result<std::string> read_stored();
  [[nodiscard]] Result<std::string> with_holes(std::string_view stored, std::uint64_t most) const;
  // The first bytes of the current entry's stored body, at most `size` of them; they stay to be read.
  Result<std::string_view> peek(std::size_t size);
  // Appends the next bytes of the stored body, `size` of them or what is left.
  Status read_some(std::string& bytes, std::uint64_t size);
  // Whether the stream ended without a zero block.
  [[nodiscard]] bool ended_early() const { return ended_early_; }
  // After next() was false: the first non-zero byte of what is left in the stream, if any (the rest is
  // consumed).
  Result<bool> trailing_data();

 private:
  struct Hole {
    std::uint64_t offset = 0, size = 0;  // of a stored piece, in the file that has holes
  };
  // What the pax header said about the entry that follows; empty: nothing.
  struct Extended {
    std::optional<std::string> name, link;
    std::optional<std::uint64_t> size, real_size;
    std::string sparse_name, sparse_map;     // pax sparse 0.1: "offset,size,offset,size"
    std::vector<Hole> pieces;                // pax sparse 0.0
    std::string sparse_major, sparse_minor;  // of 1.0 the map is in the body

    // A known version, or a map without one.
    [[nodiscard]] bool is_sparse() const {
      if (sparse_major == "0") return sparse_minor == "0" || sparse_minor == "1";
      if (sparse_major == "1") return sparse_minor == "0";
      return sparse_major.empty() && sparse_minor.empty() && !(sparse_map.empty() && pieces.empty());
    }
  };
  // What GNU's headers said about it, and whether its own does not say what it is (type NUL).
  struct Long {
    std::optional<std::string> name, link;
    bool untyped = false;
  };

  Result<std::string_view> take(std::size_t size);
  Status leave(std::uint64_t size);
  Result<std::string> body(std::uint64_t limit, std::string_view limit_name);
  Status pax(Extended& extended);
  Status pax_record(std::string_view key, std::string_view value, Extended& extended);
  [[nodiscard]] Status check_map(std::uint64_t pieces) const;
  Status gnu_sparse(std::string_view header, TarEntry& entry);
  Status finish_entry(Extended extended, Long names, TarEntry& entry);
  [[nodiscard]] std::unexpected<Error> damaged(std::string_view what) const;

  ByteSource& source_;
  const Limits& limits_;
  std::string_view window_;     // bytes of the source not yet consumed
  std::string spill_;           // what take() returns when it spans two windows
  std::string peeked_;          // what window_ is in where peek() had to join two
  std::uint64_t position_ = 0;  // in the stream, of window_
  std::uint64_t body_left_ = 0, padding_ = 0;
  std::vector<Hole> pieces_;  // of the current entry, if sparse
  std::uint64_t real_size_ = 0;
  bool sparse_ = false, map_in_body_ = false, ended_early_ = false;
};

}  // namespace peekr
