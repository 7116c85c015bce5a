// SPDX-License-Identifier: Apache-2.0
#include "lib/zip_directory.h"

#include <algorithm>

namespace peekr {
namespace {

constexpr std::string_view kEnd = "PK\x05\x06", kEntry = "PK\x01\x02", kLocal = "PK\x03\x04";
constexpr std::string_view kEnd64 = "PK\x06\x06", kLocator = "PK\x06\x07";
constexpr std::size_t kEndSize = 22, kLocatorSize = 20, kEnd64Size = 56, kLongestComment = 0xFFFF;
static_assert(kEndSize + kLongestComment + kLocatorSize + kEnd64Size <= kZipEnd);

// What its claimed place and size say against where it is: it ends where the end record starts.
std::optional<ZipDirectory> settled(std::uint64_t end, std::uint64_t size, std::uint64_t place,
                                    std::uint16_t entries) {
  if (size > end || place > end - size) return std::nullopt;
  return ZipDirectory{end - size, size, end - size - place, entries};
}

// before: how many bytes of the file stand before the tail.
std::optional<ZipDirectory> directory64(std::string_view tail, std::uint64_t before, std::size_t locator) {
  Cursor in(tail);
  in.seek(locator + 8);
  const auto claimed = in.le<std::uint64_t>();
  // Behind a prefix it is not where it claims; it has 56 bytes where no one has extended it.
  for (const std::uint64_t place : {claimed - before, std::uint64_t{locator} - kEnd64Size}) {
    if (place > locator || tail.substr(place, kEnd64.size()) != kEnd64) continue;
    Cursor record(tail);
    record.seek(place + 32);
    const auto count = record.le<std::uint64_t>();
    const auto size = record.le<std::uint64_t>(), start = record.le<std::uint64_t>();
    if (record.ok()) return settled(before + place, size, start, static_cast<std::uint16_t>(count));
  }
  return std::nullopt;
}

// Of the end record at that place of the tail.
std::optional<ZipDirectory> directory_before(std::string_view tail, std::uint64_t before, std::size_t at) {
  if (at >= kLocatorSize && tail.substr(at - kLocatorSize, kLocator.size()) == kLocator) {
    if (const auto found = directory64(tail, before, at - kLocatorSize)) return found;
  }
  Cursor in(tail);
  in.seek(at + 10);
  const auto entries = in.le<std::uint16_t>();
  const auto size = in.le<std::uint32_t>(), place = in.le<std::uint32_t>();
  return settled(before + at, size, place, entries);
}

// Whether the end record at that place of the tail is no part of another one's comment: its own ends with the file, or what it leads to
// is a directory. An empty one is all of its archive.
bool is_believed(std::string_view tail, std::uint64_t before, std::size_t at, const ZipDirectory& found) {
  if (found.size == 0) return found.start == 0;
  Cursor in(tail);
  in.seek(at + kEndSize - 2);
  if (at + kEndSize + in.le<std::uint16_t>() == tail.size()) return true;
  return found.start < before || tail.substr(found.start - before, kEntry.size()) == kEntry;
}

// The zip64 values of those fields that are all ones, in this order.
void widen(std::string_view extra, ZipEntry& entry) {
  constexpr std::uint64_t kOnes = 0xFFFFFFFF;
  Cursor in(extra);
  while (in.remaining() >= 4) {
    const auto kind = in.le<std::uint16_t>();
    Cursor field(in.take(in.le<std::uint16_t>()));
    if (kind != 1) continue;
    for (std::uint64_t* value : {&entry.unpacked, &entry.packed, &entry.place}) {
      if (*value == kOnes) *value = field.le<std::uint64_t>();
    }
  }
}

}  // namespace

std::string ZipDirectory::gap(std::size_t followed) const {
  if (static_cast<std::uint16_t>(followed) == entries) return {};
  return "its directory has " + std::to_string(followed) + " entries, and counts " + std::to_string(entries);
}

std::optional<ZipDirectory> find_zip_directory(std::string_view tail, std::uint64_t file_size) {
  if (tail.size() < kEndSize || tail.size() > file_size) return std::nullopt;
  const std::uint64_t before = file_size - tail.size();
  const std::size_t lowest = tail.size() - std::min(tail.size(), kEndSize + kLongestComment);
  for (std::size_t at = tail.size() - kEndSize;; --at) {
    at = tail.rfind(kEnd, at);
    if (at == std::string_view::npos || at < lowest) return std::nullopt;
    const auto found = directory_before(tail, before, at);
    if (found && is_believed(tail, before, at, *found)) return found;
    if (at == 0) return std::nullopt;
  }
}

std::optional<ZipEntry> next_zip_entry(Cursor& in) {
  if (in.take(kEntry.size()) != kEntry) return std::nullopt;
  ZipEntry entry;
  in.skip(4);  // versions
  entry.flags = in.le<std::uint16_t>();
  entry.method = in.le<std::uint16_t>();
  in.skip(4);  // time
  entry.checksum = in.le<std::uint32_t>();
  entry.packed = in.le<std::uint32_t>();
  entry.unpacked = in.le<std::uint32_t>();
  const auto name = in.le<std::uint16_t>(), extra = in.le<std::uint16_t>(), comment = in.le<std::uint16_t>();
  in.skip(8);  // disk, attributes
  entry.place = in.le<std::uint32_t>();
  entry.name = in.take(name);
  widen(in.take(extra), entry);
  in.skip(comment);
  return in.ok() ? std::optional(entry) : std::nullopt;
}

Result<std::uint64_t> zip_local_size(std::string_view header) {
  Cursor in(header);
  if (in.take(kLocal.size()) != kLocal) return fail(Errc::damaged, "no member where the directory says");
  in.skip(22);
  const auto name = in.le<std::uint16_t>(), extra = in.le<std::uint16_t>();
  if (!in.ok()) return fail(Errc::damaged, "cut short");
  return std::uint64_t{kZipLocalSize} + name + extra;
}

}  // namespace peekr
