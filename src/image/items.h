// SPDX-License-Identifier: Apache-2.0
// The entries of one layer, in the order of the tar, packed: about ten bytes and the name for each, because an image may have
// millions. An entry is one record: kind, numbers (LEB128), name, target; the folder of those that follow is a record of its own.
// The bytes are what the Cache keeps, too.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
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
  Items() = default;
  Items(const Items&) = delete;  // both would add to one chunk
  Items(Items&&) noexcept = default;
  Items& operator=(const Items&) = delete;
  Items& operator=(Items&&) noexcept = default;
  ~Items() = default;

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

  // Records one after the other: of one Items, or of several where one shares them with others.
  using Chunk = std::shared_ptr<const std::string>;
  [[nodiscard]] const std::vector<Chunk>& chunks() const { return chunks_; }
  // Has a chunk of other ones, too, to which nothing is added any more; where it is.
  std::size_t share(Chunk chunk);
  // Whom to tell of each chunk to which nothing is added any more, as soon as the next one is begun.
  void tell_of_full(std::function<void(Chunk)> told) { told_ = std::move(told); }
  // Of the bytes of all chunks, one after the other; nothing where they are not such.
  [[nodiscard]] static std::optional<Items> parse(std::string_view bytes);

 private:
  friend class ItemReader;
  static constexpr unsigned kChunkBits = 16;

  std::string& room_for(std::size_t size);
  [[nodiscard]] Position here() const;
  void enter(std::string_view folder);
  void count(const Item& item);

  std::vector<Chunk> chunks_;
  std::shared_ptr<std::string>
      open_;  // its own last one: none grows beyond what it has reserved; a longer record has one of its own
  std::size_t open_at_ = 0;
  std::function<void(Chunk)> told_;
  std::string folder_;  // of the last entry
  std::uint64_t count_ = 0;
  std::int32_t highest_found_ = -1;
};

// Goes through those that are there when it is made; more may be added meanwhile.
class ItemReader {
 public:
  explicit ItemReader(const Items& items)
      : items_(items), left_(items.count()), end_(items.chunks().size()) {}
  // Those of one chunk. `folder`: of the last entry in the one before.
  ItemReader(const Items& items, std::size_t chunk, std::string_view folder)
      : items_(items), left_(~std::uint64_t{0}), chunk_(chunk), end_(chunk + 1), folder_(folder) {}
  // False: that was the last one.
  bool next(Item& item);
  // Of the entry that next() gave.
  [[nodiscard]] Items::Position position() const { return position_; }
  // Of the last entry.
  [[nodiscard]] std::string_view folder() const { return folder_; }

 private:
  const Items& items_;
  std::uint64_t left_;
  std::size_t chunk_ = 0;  // the next one
  std::size_t end_;
  Cursor in_{{}};
  Items::Position position_ = 0;
  std::string_view folder_;
};

}  // namespace peekr
