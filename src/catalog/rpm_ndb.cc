// SPDX-License-Identifier: Apache-2.0
// rpm's "new" package database (lib/backend/ndb/rpmpkg.c of rpm), little endian, in blocks of 16 bytes:
//
//   header   "RpmP", version 0, generation, slot pages, next number, 12 unused bytes
//   slots    to the end of the slot pages, 4096 bytes each: "Slot", number, first block, blocks; all 0: free
//   blobs    "BlbS", number, generation, length; the header blob, padded; Adler-32 of all this, length,
//   "BlbE"
//
// Blobs do not overlap: together they cannot be larger than the file, which bounds the work.
#include "catalog/rpm_ndb.h"

#include <string>

#include "base/cursor.h"

namespace peekr {
namespace {

constexpr std::uint64_t kBlock = 16, kPage = 4096, kHeader = 32, kBlobHead = 16, kBlobTail = 12;
constexpr std::string_view kMagic = "RpmP", kSlot = "Slot", kBlobStart = "BlbS", kBlobEnd = "BlbE";

// RFC 1950, section 8.2.
std::uint32_t adler32(std::string_view bytes) {
  constexpr std::uint32_t kModulus = 65521;
  constexpr std::size_t kChunk = 5552;  // the sums stay below 2^32
  std::uint32_t a = 1, b = 0;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kChunk, bytes.size()))) {
    for (const char c : bytes.substr(0, kChunk)) {
      a += static_cast<unsigned char>(c);
      b += a;
    }
    a %= kModulus;
    b %= kModulus;
  }
  return (b << 16) | a;
}

struct Slot {
  std::uint32_t number = 0, first = 0, blocks = 0;
};

class NdbReader {
 public:
  NdbReader(std::string_view bytes, const RpmSink& sink) : bytes_(bytes), sink_(sink), left_(bytes.size()) {}

  void run() {
    Cursor in(bytes_);
    in.skip(kMagic.size());
    const auto version = in.le<std::uint32_t>();
    in.skip(sizeof(std::uint32_t));
    const auto pages = in.le<std::uint32_t>();
    if (!in.ok()) return sink_.note(Why::damaged, "ndb: header cut short");
    if (version != 0) return sink_.note(Why::unsupported, "ndb: version " + std::to_string(version));
    if (pages == 0) return sink_.note(Why::damaged, "ndb: no slot pages");
    if (pages > bytes_.size() / kPage) sink_.note(Why::damaged, "ndb: cut short within the slots");
    read_slots(bytes_.substr(0, pages * kPage));
  }

 private:
  void read_slots(std::string_view pages) {
    Cursor in(pages);
    in.skip(kHeader);
    std::size_t bad = 0, nameless = 0;
    while (in.remaining() >= kBlock) {
      const bool magic = in.take(kSlot.size()) == kSlot;
      const Slot slot{in.le<std::uint32_t>(), in.le<std::uint32_t>(), in.le<std::uint32_t>()};
      if (!magic) ++bad;
      if (magic && slot.number == 0 && (slot.first != 0 || slot.blocks != 0)) ++nameless;
      if (magic && slot.number != 0 && !read_blob(slot)) return;
    }
    if (bad > 0) sink_.note(Why::damaged, "ndb: slots that are none: " + std::to_string(bad));
    if (nameless > 0) {
      sink_.note(Why::damaged,
                 "ndb: slots that lead somewhere, but have no number: " + std::to_string(nameless));
    }
  }

  // False when there is no use in going on.
  bool read_blob(const Slot& slot) {
    const std::string where = "ndb: package " + std::to_string(slot.number) + ": ";
    const std::uint64_t size = slot.blocks * kBlock;
    Cursor in(bytes_);
    in.seek(slot.first * kBlock);
    const std::string_view whole = in.take(size);
    if (!in.ok() || whole.size() < kBlobHead + kBlobTail) {
      sink_.note(Why::damaged, where + "beyond the end of the file");
      return true;
    }
    if (size > left_) {
      sink_.note(Why::damaged, where + "overlaps with others");
      return false;
    }
    left_ -= size;
    check_blob(slot, whole, where);
    return true;
  }

  void check_blob(const Slot& slot, std::string_view whole, const std::string& where) {
    Cursor in(whole);
    const bool start = in.take(kBlobStart.size()) == kBlobStart;
    const auto number = in.le<std::uint32_t>();
    in.skip(sizeof(std::uint32_t));
    const auto length = in.le<std::uint32_t>();
    const std::string_view blob = in.take(length);
    in.seek(whole.size() - kBlobTail);
    const auto sum = in.le<std::uint32_t>();
    const bool same_length = in.le<std::uint32_t>() == length;
    const bool end = in.take(kBlobEnd.size()) == kBlobEnd;
    const bool fits = length <= whole.size() - kBlobHead - kBlobTail;
    if (!start || number != slot.number || !fits) {
      return sink_.note(Why::damaged, where + "its slot does not lead to it");
    }
    if (!end || !same_length || sum != adler32(whole.substr(0, whole.size() - kBlobTail))) {
      sink_.note(Why::damaged, where + "checksum differs");
    }
    sink_.header(slot.number, blob);
  }

  std::string_view bytes_;
  const RpmSink& sink_;
  std::uint64_t left_;  // bytes that blobs may still have
};

}  // namespace

bool is_rpm_ndb(std::string_view bytes) { return bytes.starts_with(kMagic); }

void read_rpm_ndb(std::string_view bytes, const RpmSink& sink) { NdbReader(bytes, sink).run(); }

}  // namespace peekr
