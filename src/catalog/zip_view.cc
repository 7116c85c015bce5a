// SPDX-License-Identifier: Apache-2.0
//   ... members ... | directory | [zip64 end, zip64 locator] | end: "PK\5\6", 4 x u16, size and place of the directory, comment
#include "catalog/zip_view.h"

#include <algorithm>
#include <optional>

#include "base/cursor.h"
#include "lib/inflate.h"

namespace peekr {
namespace {

constexpr std::string_view kEnd = "PK\x05\x06", kEntry = "PK\x01\x02", kLocal = "PK\x03\x04";
constexpr std::string_view kEnd64 = "PK\x06\x06", kLocator = "PK\x06\x07";
constexpr std::size_t kEndSize = 22, kLocatorSize = 20, kLongestComment = 0xFFFF;

struct Directory {
  std::uint64_t start = 0, size = 0;
  std::uint64_t shift = 0;  // of all places: the size of what stands in front of the archive
};

// What its claimed place and size say against where it is: it ends where the end record starts.
std::optional<Directory> settled(std::uint64_t end, std::uint64_t size, std::uint64_t place) {
  if (size > end || place > end - size) return std::nullopt;
  return Directory{end - size, size, end - size - place};
}

std::optional<Directory> directory64(std::string_view bytes, std::size_t locator) {
  Cursor in(bytes);
  in.seek(locator + 8);
  const auto claimed = in.le<std::uint64_t>();
  // Behind a prefix it is not where it claims; it has 56 bytes where no one has extended it.
  for (const std::uint64_t place : {claimed, std::uint64_t{locator} - 56}) {
    if (place > locator || bytes.substr(place, 4) != kEnd64) continue;
    Cursor record(bytes);
    record.seek(place + 40);
    const auto size = record.le<std::uint64_t>(), start = record.le<std::uint64_t>();
    if (record.ok()) return settled(place, size, start);
  }
  return std::nullopt;
}

std::optional<Directory> find_directory(std::string_view bytes) {
  if (bytes.size() < kEndSize) return std::nullopt;
  const std::size_t lowest = bytes.size() - std::min(bytes.size(), kEndSize + kLongestComment);
  for (std::size_t at = bytes.size() - kEndSize;; --at) {
    at = bytes.rfind(kEnd, at);
    if (at == std::string_view::npos || at < lowest) return std::nullopt;
    if (at >= kLocatorSize && bytes.substr(at - kLocatorSize, 4) == kLocator) {
      if (const auto found = directory64(bytes, at - kLocatorSize)) return found;
    }
    Cursor in(bytes);
    in.seek(at + 12);
    const auto size = in.le<std::uint32_t>(), place = in.le<std::uint32_t>();
    if (const auto found = settled(at, size, place)) return found;
    if (at == 0) return std::nullopt;
  }
}

// The zip64 values of those fields that are all ones, in this order.
void widen(std::string_view extra, ZipView::Member& member) {
  constexpr std::uint64_t kOnes = 0xFFFFFFFF;
  Cursor in(extra);
  while (in.remaining() >= 4) {
    const auto kind = in.le<std::uint16_t>();
    Cursor field(in.take(in.le<std::uint16_t>()));
    if (kind != 1) continue;
    for (std::uint64_t* value : {&member.unpacked, &member.packed, &member.place}) {
      if (*value == kOnes) *value = field.le<std::uint64_t>();
    }
  }
}

std::optional<ZipView::Member> next_member(Cursor& in) {
  if (in.take(4) != kEntry) return std::nullopt;
  ZipView::Member member;
  in.skip(4);  // versions
  member.flags = in.le<std::uint16_t>();
  member.method = in.le<std::uint16_t>();
  in.skip(8);  // time, checksum
  member.packed = in.le<std::uint32_t>();
  member.unpacked = in.le<std::uint32_t>();
  const auto name = in.le<std::uint16_t>(), extra = in.le<std::uint16_t>(), comment = in.le<std::uint16_t>();
  in.skip(8);  // disk, attributes
  member.place = in.le<std::uint32_t>();
  member.name = in.take(name);
  widen(in.take(extra), member);
  in.skip(comment);
  return in.ok() ? std::optional(member) : std::nullopt;
}

}  // namespace

Result<ZipView> ZipView::open(std::string_view bytes) {
  const std::optional<Directory> directory = find_directory(bytes);
  if (!directory) return fail(Errc::damaged, "not a zip file, or cut short");
  ZipView view;
  view.bytes_ = bytes.substr(directory->shift);
  Cursor in(bytes.substr(directory->start, directory->size));
  while (!in.at_end()) {
    const std::optional<Member> member = next_member(in);
    if (!member) return fail(Errc::damaged, "its directory cannot be followed");
    view.members_.push_back(*member);
  }
  return view;
}

Result<std::string> ZipView::read(const Member& member, std::uint64_t limit) const {
  if ((member.flags & 1u) != 0) return fail(Errc::unsupported, "encrypted");
  Cursor in(bytes_);
  in.seek(member.place);
  if (in.take(4) != kLocal) return fail(Errc::damaged, "no member where the directory says");
  in.skip(22);
  const auto name = in.le<std::uint16_t>(), extra = in.le<std::uint16_t>();
  in.skip(name);
  in.skip(extra);
  const std::string_view packed = in.take(member.packed);
  if (!in.ok()) return fail(Errc::damaged, "cut short");
  if (member.method == 8) return inflated(packed, Wrapping::bare, limit);
  if (member.method != 0)
    return fail(Errc::unsupported, "compression method " + std::to_string(member.method));
  if (packed.size() > limit) return fail(Errc::limit, "more than " + std::to_string(limit) + " bytes");
  return std::string(packed);
}

}  // namespace peekr
