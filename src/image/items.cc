// SPDX-License-Identifier: Apache-2.0
#include "image/items.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

namespace peekr {
namespace {

constexpr std::uint8_t kFolder = 0x10;    // the first byte of a record that is no entry: size, path
constexpr std::size_t kMostNumbers = 64;  // bytes before the texts of a record
constexpr int kBlockBits = 9;  // bytes of a tar begin at multiples of 512: rotated, those are small numbers

// The beginning of a record.
class Numbers {
 public:
  explicit Numbers(std::uint8_t kind) { bytes_[size_++] = static_cast<char>(kind); }
  void add(std::uint64_t value) {
    put_varint(value, [&](char byte) { bytes_[size_++] = byte; });
  }
  [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, kMostNumbers> bytes_;
  std::size_t size_ = 0;
};

bool has_link(Item::Kind kind) { return kind == Item::Kind::symlink || kind == Item::Kind::hard_link; }

// What follows the first byte of a record.
void take_item(std::uint8_t kind, Cursor& in, Item& item) {
  item.kind = static_cast<Item::Kind>(kind);
  item.mode = static_cast<std::uint32_t>(in.varint());
  item.size = in.varint();
  item.place = std::rotl(in.varint(), kBlockBits);
  item.found = static_cast<std::int32_t>(static_cast<std::uint32_t>(in.varint()) - 1);
  const std::uint64_t name = in.varint();
  const std::uint64_t link = has_link(item.kind) ? in.varint() : 0;
  item.name = in.take(name);
  item.link = in.take(link);
}

}  // namespace

// A chunk with so much room.
std::string& Items::room_for(std::size_t size) {
  constexpr std::size_t kChunk = std::size_t{1} << kChunkBits;
  if (!open_ || open_->size() + size > kChunk) {
    if (open_ && told_) told_(open_);
    open_ = std::make_shared<std::string>();
    open_->reserve(std::max(size, kChunk));
    open_at_ = share(open_);
  }
  return *open_;
}

std::size_t Items::share(Chunk chunk) {
  chunks_.push_back(std::move(chunk));
  return chunks_.size() - 1;
}

Items::Position Items::here() const { return std::uint64_t{open_at_} << kChunkBits | open_->size(); }

void Items::enter(std::string_view folder) {
  if (count_ > 0 && folder == folder_) return;
  folder_ = folder;
  Numbers numbers(kFolder);
  numbers.add(folder.size());
  room_for(kMostNumbers + folder.size()).append(numbers.bytes()).append(folder);
}

void Items::count(const Item& item) {
  ++count_;
  highest_found_ = std::max(highest_found_, item.found);
}

Items::Position Items::add(const Item& item) {
  enter(item.folder);
  count(item);
  Numbers numbers(static_cast<std::uint8_t>(item.kind));
  numbers.add(item.mode);
  numbers.add(item.size);
  numbers.add(std::rotr(item.place, kBlockBits));
  numbers.add(static_cast<std::uint32_t>(item.found + 1));
  numbers.add(item.name.size());
  if (has_link(item.kind)) numbers.add(item.link.size());
  std::string& chunk = room_for(kMostNumbers + item.name.size() + item.link.size());
  const Position position = here();
  chunk.append(numbers.bytes()).append(item.name);
  if (has_link(item.kind)) chunk.append(item.link);
  return position;
}

Item Items::at(Position position) const {
  const std::string_view chunk = *chunks_[static_cast<std::size_t>(position >> kChunkBits)];
  Cursor in(chunk.substr(static_cast<std::size_t>(position & ((Position{1} << kChunkBits) - 1))));
  Item item;
  take_item(in.le<std::uint8_t>(), in, item);
  assert(in.ok());
  return item;
}

std::optional<Items> Items::parse(std::string_view bytes) {
  constexpr std::size_t kChunk = std::size_t{1} << kChunkBits;
  Items items;
  std::string_view folder;
  std::size_t chunk = 0;  // where it begins that is not taken yet
  const auto take = [&](std::size_t end) {
    if (end > chunk) items.room_for(end - chunk).append(bytes.substr(chunk, end - chunk));
    chunk = end;
  };
  for (Cursor in(bytes); !in.at_end();) {
    const std::size_t start = in.position();
    const auto kind = in.le<std::uint8_t>();
    if (kind == kFolder) {
      folder = in.take(in.varint());
    } else {
      Item item;
      take_item(kind, in, item);
      if (item.kind > Item::Kind::opaque || item.found < -1) return std::nullopt;
      items.count(item);
    }
    if (!in.ok()) return std::nullopt;
    if (in.position() - chunk > kChunk) take(start);
  }
  take(bytes.size());
  items.folder_ = folder;
  return items;
}

bool ItemReader::next(Item& item) {
  if (left_ == 0) return false;
  for (;;) {
    if (in_.at_end()) {
      if (chunk_ == end_) return false;
      in_ = Cursor(*items_.chunks_[chunk_++]);
      continue;
    }
    position_ = std::uint64_t{chunk_ - 1} << Items::kChunkBits | in_.position();
    const auto kind = in_.le<std::uint8_t>();
    if (kind == kFolder) {
      folder_ = in_.take(in_.varint());
      continue;
    }
    item.folder = folder_;
    take_item(kind, in_, item);
    assert(in_.ok());
    --left_;
    return true;
  }
}

}  // namespace peekr
