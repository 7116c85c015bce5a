// SPDX-License-Identifier: Apache-2.0
// The directory of a zip file (APPNOTE.TXT, zip64), also of one behind something else: a shell script that starts it.
//   ... members ... | directory | [zip64 end, zip64 locator] | end: "PK\5\6", 4 x u16, size and place of the directory, comment
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/cursor.h"
#include "base/result.h"

namespace peekr {

// Where it is, by what its end says and by where that is. Nothing of it is more than a claim.
struct ZipDirectory {
  std::uint64_t start = 0, size = 0;  // in the file, of which it is a part
  std::uint64_t shift = 0;            // of all places in it: the size of what stands in front of the archive
  std::uint16_t entries =
      0;  // as its end counts them, modulo 2^16: those of an archive without zip64 have no more bits
  // What is wrong where following it came to that many entries; empty: nothing.
  [[nodiscard]] std::string gap(std::size_t followed) const;
};

struct ZipEntry {
  std::string_view name;  // as written: it may climb out, never use it as a path
  std::uint16_t flags = 0, method = 0;
  std::uint32_t checksum = 0;              // CRC-32
  std::uint64_t packed = 0, unpacked = 0;  // as the directory claims
  std::uint64_t place = 0;                 // of its local header
};

inline constexpr std::uint64_t kZipEnd =
    128 << 10;  // bytes at a file's end that its directory is found by, at most

// tail: the file's last bytes, all of it or kZipEnd.
[[nodiscard]] std::optional<ZipDirectory> find_zip_directory(std::string_view tail, std::uint64_t file_size);
// The next entry of a directory; none: it cannot be followed.
[[nodiscard]] std::optional<ZipEntry> next_zip_entry(Cursor& directory);
// How many bytes stand in front of the packed ones: a local header. Errc::damaged: it is none.
inline constexpr std::size_t kZipLocalSize = 30;  // without name and extra field
[[nodiscard]] Result<std::uint64_t> zip_local_size(std::string_view header);

}  // namespace peekr
