// SPDX-License-Identifier: Apache-2.0
// What read_layers() asks of whoever wants to see files, and what it hands over. image/ knows no cataloger:
// it calls this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "image/allowance.h"
#include "model/package.h"
#include "model/path.h"

namespace peekr {

// So many bytes from the start of a file, or all of a shorter one, decide with its path who wants to see it.
inline constexpr std::size_t kHeadBytes = 64;

// So many of them go with each piece of a file that comes in pieces: the headers of programs, mostly.
inline constexpr std::size_t kStartBytes = 4096;

// What a file that comes in pieces tells lies within so many bytes: the end of each piece comes again in the next one.
inline constexpr std::size_t kPieceOverlap = 1 << 20;

// A regular file of the image, or a piece of one that was asked for in pieces. Views are valid during the call
// only: keep results, never contents.
struct File {
  struct Neighbour {
    Path path;
    std::string_view bytes;
  };
  Path path;
  std::string_view bytes;
  std::span<const Neighbour> neighbours;  // files of the same folder that the reader asked to keep
  // Where `bytes` is a piece: its place in the file, the size of the file and, of those behind the first, the file's first bytes.
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // 0: `bytes` is the whole file
  std::string_view start;
  // What archives around it, or in its layer, have left for what it unpacks to; null: nobody counts.
  Allowance* allowance = nullptr;

  // The file's first bytes: of a piece kStartBytes, or all of the first one.
  [[nodiscard]] std::string_view beginning() const { return start.empty() ? bytes : start; }
  [[nodiscard]] std::string_view head() const { return beginning().substr(0, kHeadBytes); }

  // Nothing of the file comes after `bytes`.
  [[nodiscard]] bool is_last() const { return size == 0 || offset + bytes.size() >= size; }

  // The bytes of another file that was kept, or nothing.
  [[nodiscard]] const Neighbour* neighbour(std::string_view at) const {
    for (const Neighbour& one : neighbours) {
      if (one.path.str() == at) return &one;
    }
    return nullptr;
  }
  // Of the one whose name is this one's and `ending`: "-wal".
  [[nodiscard]] std::string_view beside(std::string_view ending) const {
    const Neighbour* other = neighbour(path.str() + std::string(ending));
    return other == nullptr ? std::string_view() : other->bytes;
  }
};

enum class Interest {
  none,
  read,        // call read() as soon as the bytes are there
  pieces,      // the same; for a large file once for each piece of it, in order, with the same inventory
  read_later,  // call read() at the end of the layer, with the neighbours
  keep,        // be a neighbour, for files of the same folder, until the end of the layer
};

// Both functions are pure and are called from several threads.
struct Reader {
  Interest (*interest)(std::string_view path, std::string_view head);
  void (*read)(const File& file, Inventory& found);
  // Changes whenever what they say may; the cache asks for it. Null: nothing of it is to be kept.
  std::string_view (*version)() = nullptr;
  // What is wanted of a file where each costs a request: by its path alone, and no large ones. Null: as interest().
  Interest (*partial)(std::string_view path) = nullptr;
  // Which checksums of files the package database has that a directory of this path belongs to. Null: none is known.
  ChecksumKinds (*checksums)(std::string_view directory) = nullptr;
};

inline Interest interest_in_part(const Reader& reader, std::string_view path) {
  return reader.partial == nullptr ? reader.interest(path, {}) : reader.partial(path);
}

}  // namespace peekr
