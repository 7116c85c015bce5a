// SPDX-License-Identifier: Apache-2.0
// Write-ahead logs of SQLite (sqlite.org/fileformat2.html, section 4), all numbers big endian:
//
//   header  magic, version, page size, checkpoint number, salt 2 × u32, checksum 2 × u32
//   frames  page number, pages of the database (a commit; else 0), salt, checksum, the page
//
// A frame counts when it has the header's salts, its checksum (over all before it) is right, and a commit
// follows. Frames behind are what an earlier use of the file left there, with other salts, or a transaction that was rolled back:
// without a commit. So a commit with these salts there means that a frame before it is damaged. SQLite would want to write to read
// it.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/cursor.h"
#include "lib/sqlite.h"

namespace peekr {
namespace {

constexpr std::uint32_t kMagic = 0x377f0682;  // + 1: checksums are of big endian words
constexpr std::uint32_t kVersion = 3007000;
constexpr std::uint32_t kSmallestPage = 512, kLargestPage = 65536;

struct Checksum {
  std::uint32_t first = 0, second = 0;

  void add(std::string_view words, bool big_endian) {
    Cursor in(words);
    while (in.remaining() >= 8) {
      first += word(in, big_endian) + second;
      second += word(in, big_endian) + first;
    }
  }
  static std::uint32_t word(Cursor& in, bool big_endian) {
    return big_endian ? in.be<std::uint32_t>() : in.le<std::uint32_t>();
  }
  bool operator==(const Checksum&) const = default;
};

// The last frame of every page at the last commit.
struct Log {
  std::uint32_t page_size = 0, pages = 0;  // pages 0: there is no commit
  std::map<std::uint32_t, std::string_view> frames;
  std::string problem;
};

class LogReader {
 public:
  explicit LogReader(std::string_view wal) : wal_(wal), in_(wal) {}

  Log read() {
    log_.problem = read_header();
    if (log_.problem.empty()) read_frames();
    return std::move(log_);
  }

 private:
  std::string read_header() {
    const auto magic = in_.be<std::uint32_t>();
    const auto version = in_.be<std::uint32_t>();
    log_.page_size = in_.be<std::uint32_t>();
    in_.skip(4);
    salt_ = in_.take(8);
    big_endian_ = (magic & 1u) != 0;
    sum_.add(wal_.substr(0, 24), big_endian_);
    const Checksum meant{in_.be<std::uint32_t>(), in_.be<std::uint32_t>()};
    if (!in_.ok()) return "header cut short";
    if ((magic & ~1u) != kMagic || version != kVersion) return "no such log";
    if (!std::has_single_bit(log_.page_size) || log_.page_size < kSmallestPage ||
        log_.page_size > kLargestPage) {
      return "page size " + std::to_string(log_.page_size);
    }
    if (meant != sum_) return "header checksum differs";
    return {};
  }

  struct Frame {
    std::uint32_t number = 0, pages = 0;
    std::string_view start, salt, page;  // start: number and pages
    Checksum sum;
  };

  Frame read_frame() {
    Frame frame{.start = wal_.substr(std::min(in_.position(), wal_.size()), 8)};
    frame.number = in_.be<std::uint32_t>();
    frame.pages = in_.be<std::uint32_t>();
    frame.salt = in_.take(8);
    frame.sum.first = in_.be<std::uint32_t>();
    frame.sum.second = in_.be<std::uint32_t>();
    frame.page = in_.take(log_.page_size);
    return frame;
  }

  // Whether it is the next one of this use of the file.
  bool follows(const Frame& frame) {
    if (frame.salt != salt_ || frame.number == 0) return false;
    sum_.add(frame.start, big_endian_);
    sum_.add(frame.page, big_endian_);
    return sum_ == frame.sum;
  }

  void read_frames() {
    std::map<std::uint32_t, std::string_view> since_commit;
    while (!in_.at_end()) {
      const Frame frame = read_frame();
      if (!in_.ok()) {
        log_.problem = "last frame cut short";
        return;
      }
      if (!follows(frame)) return look_behind(frame);
      since_commit[frame.number] = frame.page;
      if (frame.pages == 0) continue;
      log_.pages = frame.pages;
      for (const auto& [at, bytes] : since_commit) log_.frames[at] = bytes;
      since_commit.clear();
    }
  }

  void look_behind(Frame frame) {
    std::size_t lost = 0;
    for (; in_.ok(); frame = read_frame()) {
      if (frame.salt == salt_ && frame.pages != 0) ++lost;
    }
    if (lost > 0)
      log_.problem = "ends in a damaged frame, transactions that are left out: " + std::to_string(lost);
  }

  std::string_view wal_;
  Cursor in_;
  std::string_view salt_;
  Checksum sum_;
  bool big_endian_ = false;
  Log log_;
};

// Nothing when it is no database.
std::optional<std::uint32_t> page_size_of(std::string_view bytes) {
  constexpr std::size_t kAt = 16;
  if (!is_sqlite(bytes)) return std::nullopt;
  Cursor in(bytes);
  in.seek(kAt);
  const auto size = in.be<std::uint16_t>();
  return size == 1 ? kLargestPage : size;
}

}  // namespace

SqliteFile sqlite_file(std::string_view bytes, std::string_view wal) {
  SqliteFile file{.bytes = bytes, .pages = {}, .size = bytes.size(), .problem = {}};
  if (wal.empty()) return file;
  Log log = LogReader(wal).read();
  file.problem = log.problem;
  if (log.pages == 0) return file;
  const std::uint32_t page_size = page_size_of(bytes).value_or(log.page_size);
  const std::uint64_t size = std::uint64_t{log.pages} * page_size;
  if (page_size != log.page_size) {
    file.problem = "its pages are of another size";
  } else if (size > bytes.size() + wal.size()) {  // every page is in one of the two
    file.problem = "its database has more pages than there are";
  } else {
    file.pages = std::move(log.frames);
    file.page_size = page_size;
    file.size = size;
  }
  return file;
}

void SqliteFile::read(std::uint64_t at, std::span<char> out) const {
  while (!out.empty()) {
    std::string_view piece = bytes.substr(std::min<std::uint64_t>(at, bytes.size()));
    std::size_t count = out.size();
    if (page_size != 0) {
      const auto within = static_cast<std::size_t>(at % page_size);
      count = std::min(count, page_size - within);
      const auto page = pages.find(static_cast<std::uint32_t>(at / page_size + 1));
      if (page != pages.end()) piece = page->second.substr(within);
    }
    piece = at < size ? piece.substr(0, count) : std::string_view();
    std::ranges::fill(std::ranges::copy(piece, out.begin()).out,
                      out.begin() + static_cast<std::ptrdiff_t>(count), '\0');
    out = out.subspan(count);
    at += count;
  }
}

}  // namespace peekr
