// SPDX-License-Identifier: Apache-2.0
// Berkeley DB hash files (dbinc/db_page.h of Berkeley DB 4 and 5), in the byte order of the machine that
// wrote them. All pages have one size; the first is the meta page:
//
//   at 12  magic      16  version   20  page size   24  encryption   25  page type   26  flags   32  last
//   page   88  pairs of key and value
//
// Any other page has a header of 26 bytes (log position 8, number 4, previous 4, next 4, entries 2, free 2,
// level 1, type 1). Hash pages (types 2 and 13) have u16 offsets of items behind it: key, value, key, value;
// an item ends where the one before it starts. A value is {3, 3 unused, page 4, length 4}: it lies on a chain
// of overflow pages (type 7, their "free" field is the number of data bytes); or {1, data}: a tiny one.
// The key is the package's number; 0 has no package, only the next number.
//
// Pages that are free have type 0. A page belongs to one chain: each is followed once, which bounds the work and ends cycles.
// All pages that there are are read: one that is not accounted for in the end may have had packages.
#include "catalog/rpm_bdb.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <vector>

#include "base/cursor.h"

namespace peekr {
namespace {

constexpr std::uint32_t kHashMagic = 0x061561;
constexpr std::array<std::uint32_t, 4> kMagics = {kHashMagic, 0x053162, 0x042253,
                                                  0x074582};  // btree, queue, heap
constexpr std::uint64_t kMagicAt = 12, kPairsAt = 88, kPageHeader = 26;
constexpr std::uint32_t kSmallestPage = 512, kLargestPage = 65536;
enum PageType : std::uint8_t { kFree = 0, kHashUnsorted = 2, kOverflow = 7, kHashMeta = 8, kHash = 13 };
enum ItemKind : std::uint8_t { kInline = 1, kOffPage = 3 };

template <std::unsigned_integral T>
T read(Cursor& in, std::endian order) {
  return order == std::endian::little ? in.le<T>() : in.be<T>();
}

std::uint32_t magic(std::string_view bytes, std::endian order) {
  Cursor in(bytes);
  in.seek(kMagicAt);
  return read<std::uint32_t>(in, order);
}

std::optional<std::endian> byte_order(std::string_view bytes) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    if (std::ranges::find(kMagics, magic(bytes, order)) != kMagics.end()) return order;
  }
  return std::nullopt;
}

class BdbReader {
 public:
  BdbReader(std::string_view bytes, std::endian order, const RpmSink& sink)
      : bytes_(bytes), order_(order), sink_(sink) {}

  void run() {
    if (!read_meta()) return;
    seen_.resize(pages_);
    for (std::uint32_t number = 1; number < pages_; ++number) {
      const Page page = page_at(number);
      if (has_items(page)) read_items(number, page);
    }
    check_pages();
    if (found_ < pairs_) {
      note(Why::damaged, "its meta page has " + std::to_string(pairs_) +
                             " pairs of key and value, found: " + std::to_string(found_));
    }
  }

 private:
  struct Page {
    std::string_view bytes;
    std::uint32_t next = 0;
    std::uint16_t entries = 0, used = 0;
    std::uint8_t type = 0;
  };
  struct Pages {
    std::uint32_t count = 0, first = 0;
    void add(std::uint32_t number) {
      if (count++ == 0) first = number;
    }
  };

  static bool has_items(const Page& page) { return page.type == kHash || page.type == kHashUnsorted; }

  // False when there is nothing more to read.
  bool read_meta() {
    Cursor in(bytes_);
    in.seek(kMagicAt);
    const bool is_hash = get<std::uint32_t>(in) == kHashMagic;
    in.skip(sizeof(std::uint32_t));
    page_size_ = get<std::uint32_t>(in);
    const auto encryption = in.le<std::uint8_t>();
    const auto type = in.le<std::uint8_t>();
    const auto flags = in.le<std::uint8_t>();
    in.skip(5);
    last_ = get<std::uint32_t>(in);
    in.seek(kPairsAt);
    pairs_ = get<std::uint32_t>(in);
    if (!in.ok()) return note(Why::damaged, "meta page cut short");
    if (!is_hash) return note(Why::unsupported, "no hash file");
    if (encryption != 0) return note(Why::unsupported, "encrypted");
    if ((flags & 1u) != 0) return note(Why::unsupported, "pages with checksums");
    if (type != kHashMeta) return note(Why::damaged, "no meta page");
    if (!std::has_single_bit(page_size_) || page_size_ < kSmallestPage || page_size_ > kLargestPage) {
      return note(Why::damaged, "page size " + std::to_string(page_size_));
    }
    const std::uint64_t there = bytes_.size() / page_size_, meant = std::uint64_t{last_} + 1;
    if (there < meant) {
      note(Why::damaged, "cut short: " + std::to_string(there) + " of " + std::to_string(meant) + " pages");
    }
    pages_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(there, UINT32_MAX));
    return true;
  }

  void check_pages() const {
    Pages unknown, loose, behind;
    for (std::uint32_t number = 1; number < pages_; ++number) {
      const Page page = page_at(number);
      if (page.type == kFree) continue;
      if (number > last_) behind.add(number);
      if (page.type == kOverflow && !seen_[number]) loose.add(number);
      if (page.type != kOverflow && !has_items(page)) unknown.add(number);
    }
    note_pages(unknown, "of unknown types");
    note_pages(loose, "of a chain that no package has");
    note_pages(behind, "behind the last one of the meta page");
  }

  void note_pages(const Pages& pages, std::string_view which) const {
    if (pages.count == 0) return;
    note(Why::damaged, "pages " + std::string(which) + ": " + std::to_string(pages.count) +
                           " (the first: " + std::to_string(pages.first) + ")");
  }

  [[nodiscard]] Page page_at(std::uint32_t number) const {
    Page page{.bytes = bytes_.substr(std::size_t{number} * page_size_, page_size_)};
    Cursor in(page.bytes);
    in.skip(16);
    page.next = get<std::uint32_t>(in);
    page.entries = get<std::uint16_t>(in);
    page.used = get<std::uint16_t>(in);
    in.skip(1);
    page.type = in.le<std::uint8_t>();
    return page;
  }

  void read_items(std::uint32_t number, const Page& page) {
    Cursor index(page.bytes);
    index.skip(kPageHeader);
    std::size_t end = page.bytes.size();
    std::string_view key;
    for (std::uint32_t i = 0; i < page.entries; ++i) {
      const auto at = get<std::uint16_t>(index);
      if (!index.ok() || at < index.position() || at >= end) {
        note(Why::damaged,
             "page " + std::to_string(number) + ": item " + std::to_string(i) + " lies outside");
        return;
      }
      const std::string_view item = page.bytes.substr(at, end - at);
      if (i % 2 == 0) {
        key = item;
      } else {
        read_value(key, item);
      }
      end = at;
    }
  }

  void read_value(std::string_view key, std::string_view value) {
    ++found_;
    Cursor name(key);
    const auto key_kind = name.le<std::uint8_t>();
    const auto number = get<std::uint32_t>(name);
    if (!name.ok() || key_kind != kInline) {
      note(Why::damaged, "a key that is no number");
      return;
    }
    Cursor in(value);
    const auto kind = in.le<std::uint8_t>();
    if (number == 0 && kind == kInline) return;
    if (kind == kInline) {
      sink_.header(number, in.take(in.remaining()));
    } else if (kind == kOffPage) {
      in.skip(3);
      const auto page = get<std::uint32_t>(in);
      const auto length = get<std::uint32_t>(in);
      read_chain(number, page, in.ok() ? length : 0);
    } else {
      note(Why::damaged, "package " + std::to_string(number) + ": value of kind " + std::to_string(kind));
    }
  }

  void read_chain(std::uint32_t number, std::uint32_t at, std::uint32_t length) {
    blob_.clear();
    while (at != 0 && blob_.size() < length) {
      if (at >= pages_ || seen_[at]) break;
      seen_[at] = true;
      const Page page = page_at(at);
      if (page.type != kOverflow || page.used > page_size_ - kPageHeader) break;
      blob_.append(page.bytes.substr(kPageHeader, page.used));
      at = page.next;
    }
    if (blob_.size() != length || length == 0) {
      note(Why::damaged, "package " + std::to_string(number) + ": its chain of pages is broken");
      return;
    }
    sink_.header(number, blob_);
  }

  template <std::unsigned_integral T>
  T get(Cursor& in) const {
    return read<T>(in, order_);
  }

  bool note(Why why, const std::string& what) const {
    sink_.note(why, "bdb: " + what);
    return false;
  }

  std::string_view bytes_;
  std::endian order_;
  const RpmSink& sink_;
  std::uint32_t page_size_ = 0, last_ = 0, pages_ = 0;
  std::uint32_t pairs_ = 0, found_ = 0;  // of key and value: as the meta page says; that there are
  std::vector<bool> seen_;               // overflow pages that a chain has had
  std::string blob_;                     // room that is used again
};

}  // namespace

bool is_bdb(std::string_view bytes) { return byte_order(bytes).has_value(); }

void read_rpm_bdb(std::string_view bytes, const RpmSink& sink) {
  if (const std::optional<std::endian> order = byte_order(bytes)) BdbReader(bytes, *order, sink).run();
}

}  // namespace peekr
