// SPDX-License-Identifier: Apache-2.0
// The entries of one layer, in the order of the tar, packed: about ten bytes and the name for each, because an image may have
// millions. An entry is one record: kind, numbers (LEB128), name, target; the folder of those that follow is a record of its own.
// The bytes are what the Cache keeps, too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"

namespace peekr {

struct Item {
  enum class Kind : std::uint8_t { file, directory, symlink, device, hard_link, whiteout, opaque };
  Kind kind{};
  std::uint32_t mode = 0;
  std::uint64_t size = 0;
  // Where it is, canonical; of a whiteout: what it removes; of an opaque one: `folder` is the directory, `name` empty.
  std::string_view folder, name;
  std::string_view link;  // symlink: as written; hard_link: canonical
  std::uint64_t place =
      0;  // file: where its bytes are in the unpacked layer, which tells two entries of one name apart
  std::int32_t found = -1;  // index into Listing::found
};

class Items {
 public:
  // Where the record of an entry is.
  using Position = std::uint64_t;
  static constexpr unsigned kPositionBits = 36;

  Position add(const Item& item);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  // Of all entries; -1: nothing was found in any.
  [[nodiscard]] std::int32_t highest_found() const { return highest_found_; }
  // The entry there, without its folder. Views live as long as the Items, also when they are moved.
  [[nodiscard]] Item at(Position position) const;
  // Above all positions.
  [[nodiscard]] Position end() const { return std::uint64_t{chunks_.size()} << kChunkBits; }

  [[nodiscard]] const std::vector<std::string>& chunks() const { return chunks_; }
  // Of the bytes of all chunks, one after the other; nothing where they are not such.
  [[nodiscard]] static std::optional<Items> parse(std::string_view bytes);

 private:
  friend class ItemReader;
  static constexpr unsigned kChunkBits = 16;

  std::string& room_for(std::size_t size);
  [[nodiscard]] Position here() const;
  void enter(std::string_view folder);
  void count(const Item& item);

  std::vector<std::string>
      chunks_;          // none ever grows beyond what it has reserved; a longer record has one of its own
  std::string folder_;  // of the last entry
  std::uint64_t count_ = 0;
  std::int32_t highest_found_ = -1;
};

// Goes through those that are there when it is made; more may be added meanwhile.
class ItemReader {
 public:
  explicit ItemReader(const Items& items) : items_(items), left_(items.count()) {}
  // False: that was the last one.
  bool next(Item& item);
  // Of the entry that next() gave.
  [[nodiscard]] Items::Position position() const { return position_; }

 private:
  const Items& items_;
  std::uint64_t left_;
  std::size_t chunk_ = 0;  // the next one
  Cursor in_{{}};
  Items::Position position_ = 0;
  std::string_view folder_;
};

}  // namespace peekr
