// SPDX-License-Identifier: Apache-2.0
// Cursor: the only reader of untrusted binary bytes. A read past the end yields zeros (or an empty view),
// leaves the cursor at the end and marks it bad for good; so a record is read straight through and ok() is
// asked once.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace peekr {

// The bytes of a number that Cursor::varint() reads, one after the other.
template <class Put>
void put_varint(std::uint64_t value, const Put& put) {
  for (; value > 0x7F; value >>= 7u) put(static_cast<char>(value | 0x80u));
  put(static_cast<char>(value));
}

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  [[nodiscard]] bool at_end() const { return remaining() == 0; }

  // The next `size` bytes, a view into what the cursor was made of.
  std::string_view take(std::uint64_t size) {
    if (size > remaining()) return fail();
    const std::string_view view = bytes_.substr(position_, static_cast<std::size_t>(size));
    position_ += view.size();
    return view;
  }
  void skip(std::uint64_t size) { take(size); }
  // Go to an absolute offset; one beyond the end is a bad read.
  void seek(std::uint64_t offset) {
    if (offset > bytes_.size()) {
      fail();
    } else {
      position_ = static_cast<std::size_t>(offset);
    }
  }
  // The bytes up to `end`, which is consumed too; no `end` is a bad read.
  std::string_view until(char end) {
    const std::size_t found = bytes_.find(end, position_);
    if (found == std::string_view::npos) return fail();
    const std::string_view view = bytes_.substr(position_, found - position_);
    position_ = found + 1;
    return view;
  }

  template <std::unsigned_integral T>
  T le() {
    return read<T>(std::endian::little);
  }
  template <std::unsigned_integral T>
  T be() {
    return read<T>(std::endian::big);
  }
  // Unsigned LEB128, at most 64 bits.
  std::uint64_t varint() {
    // Most are of one byte.
    if (!at_end() && (static_cast<unsigned char>(bytes_[position_]) & 0x80u) == 0)
      return static_cast<unsigned char>(bytes_[position_++]);
    return long_varint();
  }

 private:
  std::uint64_t long_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_end()) break;
      const auto byte = static_cast<unsigned char>(bytes_[position_++]);
      value |= static_cast<std::uint64_t>(byte & 0x7Fu) << shift;
      if ((byte & 0x80u) == 0) return value;
    }
    fail();
    return 0;
  }
  std::string_view fail() {
    ok_ = false;
    position_ = bytes_.size();
    return {};
  }
  template <class T>
  T read(std::endian order) {
    const std::string_view raw = take(sizeof(T));
    T value = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const std::size_t from_low = order == std::endian::little ? i : sizeof(T) - 1 - i;
      value = static_cast<T>(
          value | (static_cast<std::uint64_t>(static_cast<unsigned char>(raw[i])) << (8 * from_low)));
    }
    return value;
  }

  std::string_view bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace peekr
