// SPDX-License-Identifier: Apache-2.0
// The header block, 512 bytes: name 0+100, mode 100+8, size 124+12, checksum 148+8, type 156, link 157+100,
// magic 257+6, prefix 345+155 (ustar only; star: 345+131). Numbers are octal text, or base-256 when the first bit is set
// (GNU). See pax(1), tar(5). Where archives are odd, what counts is how Go's archive/tar reads them: the container engines
// unpack with it, and another reading would hide files.
#include "image/tar.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "base/word.h"

namespace peekr {
namespace {

constexpr std::size_t kBlock = 512;

std::string_view until_nul(std::string_view field) { return field.substr(0, field.find('\0')); }

struct Digits {
  std::uint64_t value = 0;
  unsigned count = 0;
};

// The octal digits of eight bytes, all at once, up to a NUL or the last byte; none: there is something else.
[[gnu::always_inline]] inline Digits octal_digits(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kZeros = '0' * kOnes;
  const std::uint64_t nuls = (word - kOnes) & ~word & 0x80 * kOnes;  // its lowest bit is the first one's
  const auto count = static_cast<unsigned>(std::countr_zero(nuls)) / 8;
  if (count == 0) return {};
  if (count < 8) word = word << (64 - 8 * count) | kZeros >> 8 * count;
  word ^= kZeros;
  if ((word & 0xF8 * kOnes) != 0) return {};
  word = ((word << 3) + (word >> 8)) & 0x00FF00FF00FF00FF;  // pairs of digits, then four, then eight
  word = ((word << 6) + (word >> 16)) & 0x0000FFFF0000FFFF;
  return {((word << 12) + (word >> 32)) & 0xFFFFFFFF, count};
}

// As nearly all numbers are: octal digits up to a NUL or the end of the field, which has 8 or 12 bytes.
[[gnu::always_inline]] inline std::optional<std::uint64_t> plain_octal(std::string_view field) {
  const Digits first = octal_digits(word_at<std::uint64_t>(field, 0));
  if (first.count == 0) return std::nullopt;
  if (first.count < 8 || field.size() == 8 || field[8] == '\0') return first.value;
  const Digits rest = octal_digits(word_at<std::uint32_t>(field, 8));
  if (rest.count == 0) return std::nullopt;
  return first.value << 3 * rest.count | rest.value;
}

// Nothing: neither octal nor a base-256 number that fits 63 bits and is not negative.
std::optional<std::uint64_t> odd_number(std::string_view field) {
  const auto first = static_cast<unsigned char>(field.front());
  if ((first & 0x80u) != 0) {
    std::uint64_t value = first & 0x7Fu;
    if ((first & 0x40u) != 0) return std::nullopt;  // negative
    for (const char c : field.substr(1)) {
      if (value >> 55 != 0) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
  }
  const auto is_pad = [](char c) { return c == ' ' || c == '\0'; };
  while (!field.empty() && is_pad(field.front())) field.remove_prefix(1);
  const std::string_view text = trim(until_nul(field));
  return text.empty() ? std::optional<std::uint64_t>(0) : to_number(text, 8);
}

[[gnu::always_inline]] inline std::optional<std::uint64_t> number(std::string_view field) {
  const std::optional<std::uint64_t> plain = plain_octal(field);
  return plain ? plain : odd_number(field);
}

// Of all bytes of a block, sixteen at a time.
std::uint32_t sum_of(std::string_view block) {
  constexpr std::size_t kStep = 16;
  assert(block.size() == kBlock);
#ifdef __SSE2__
  // The compiler knows the instruction (sums of eight bytes), but would add up its two sums each time.
  __m128i sums{};
  for (std::size_t at = 0; at < kBlock; at += kStep) {
    __m128i bytes;
    std::memcpy(&bytes, block.substr(at, kStep).data(), kStep);
    sums = _mm_add_epi64(sums, _mm_sad_epu8(bytes, __m128i{}));
  }
  return static_cast<std::uint32_t>(sums[0] + sums[1]);
#else
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < kBlock; at += kStep) {
    for (std::size_t i = 0; i < kStep; ++i) sum += static_cast<unsigned char>(block[at + i]);
  }
  return sum;
#endif
}

// The checksum field itself counts as blanks. Old archivers summed signed bytes: both sums are right.
bool checksum_holds(std::string_view header) {
  const std::string_view field = header.substr(148, 8);
  const std::optional<std::uint64_t> stated = number(field);
  if (!stated) return false;
  std::uint32_t sum = sum_of(header) + 8 * ' ';
  for (const char c : field) sum -= static_cast<unsigned char>(c);
  if (*stated == sum) return true;
  const auto is_high = [](char c) { return static_cast<unsigned char>(c) > 0x7F; };
  const auto high = std::ranges::count_if(header, is_high) - std::ranges::count_if(field, is_high);
  return *stated == std::uint64_t{sum} - std::uint64_t{256} * static_cast<std::uint64_t>(high);
}

bool all_zero(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return c == 0; });
}

// Of type NUL: a file, unless its final name says otherwise (finish_entry).
TarEntry::Kind kind_of(char type) {
  switch (type) {
    case '\0':
    case '0':
    case '7':
    case 'S': return TarEntry::Kind::file;
    case '1': return TarEntry::Kind::hard_link;
    case '2': return TarEntry::Kind::symlink;
    case '3':
    case '4':
    case '6': return TarEntry::Kind::device;
    case '5': return TarEntry::Kind::directory;
    default: return TarEntry::Kind::other;
  }
}

// Go before 1.8 wrote a prefix into GNU headers, where two times belong.
bool is_early_go(std::string_view header, std::string_view prefix) {
  const auto is_broken = [](std::string_view time) { return time[0] != '\0' && !number(time); };
  return header.substr(257, 8) == std::string_view("ustar  \0", 8) &&
         (is_broken(header.substr(345, 12)) || is_broken(header.substr(357, 12))) &&
         std::ranges::all_of(prefix, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void read_name(std::string_view header, std::string& to) {
  const std::string_view name = until_nul(header.substr(0, 100));
  to = name;
  if (header[345] == '\0') return;  // no prefix
  const bool ustar = header.substr(257, 6) == std::string_view("ustar\0", 6);
  const bool star = header.substr(508, 4) == std::string_view("tar\0", 4);
  const std::string_view prefix = until_nul(header.substr(345, star ? 131 : 155));
  if (!ustar && !is_early_go(header, prefix)) return;
  to.assign(prefix).append("/").append(name);
}

void read_link(std::string_view header, std::string& to) {
  if (header[157] == '\0') {
    to.clear();  // as most are
  } else {
    to = until_nul(header.substr(157, 100));
  }
}

}  // namespace

std::unexpected<Error> Tar::damaged(std::string_view what) const {
  return fail(Errc::damaged, "tar, at byte " + std::to_string(position_) + ": " + std::string(what));
}

// The next `size` bytes, or fewer at the end of the stream. Valid until the next call.
Result<std::string_view> Tar::take(std::size_t size) {
  if (window_.empty()) window_ = TRY(source_.next());
  if (window_.size() >= size) {
    const std::string_view bytes = window_.substr(0, size);
    window_.remove_prefix(size);
    position_ += size;
    return bytes;
  }
  spill_.clear();
  while (spill_.size() < size) {
    if (window_.empty()) window_ = TRY(source_.next());
    if (window_.empty()) break;
    const std::string_view part = window_.substr(0, size - spill_.size());
    spill_ += part;
    window_.remove_prefix(part.size());
  }
  position_ += spill_.size();
  return std::string_view(spill_);
}

// Leaves out bytes, seeking where the source can. The last one is read: only that shows that they were there.
Status Tar::leave(std::uint64_t size) {
  if (size == 0) return {};
  const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(size, window_.size()));
  window_.remove_prefix(here);
  position_ += here;
  if (size == here) return {};
  TRY(source_.skip(size - here - 1));
  position_ += size - here - 1;
  if (TRY(take(1)).empty()) return damaged("a file is cut short");
  return {};
}

// The rest of the stored body.
Result<std::string> Tar::body(std::uint64_t limit, std::string_view limit_name) {
  if (body_left_ > limit) {
    return fail(Errc::limit, std::to_string(body_left_) + " bytes (limit " + std::string(limit_name) +
                                 " is " + std::to_string(limit) + ")");
  }
  std::string bytes;
  bytes.reserve(
      static_cast<std::size_t>(body_left_));  // within the limit; memory is taken only as bytes arrive
  TRY(read_some(bytes, body_left_));
  return bytes;
}

Status Tar::read_some(std::string& bytes, std::uint64_t size) {
  for (std::uint64_t left = std::min(size, body_left_); left > 0;) {
    if (window_.empty()) window_ = TRY(source_.next());
    if (window_.empty()) return damaged("a file is cut short");
    const std::string_view part =
        window_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, window_.size())));
    bytes += part;
    window_.remove_prefix(part.size());
    left -= part.size();
    body_left_ -= part.size();
    position_ += part.size();
  }
  return {};
}

Result<std::string_view> Tar::peek(std::size_t size) {
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, body_left_));
  while (window_.size() < size) {
    std::string joined(window_);
    const std::string_view more = TRY(source_.next());
    if (more.empty()) return damaged("a file is cut short");
    joined += more;
    peeked_ = std::move(joined);
    window_ = peeked_;
  }
  return window_.substr(0, size);
}

Status Tar::pax_record(std::string_view key, std::string_view value, Extended& extended) {
  const auto numeric = [&](std::optional<std::uint64_t>& field) -> Status {
    field = to_number(value);
    if (!field || *field >> 62 != 0) return damaged("pax " + std::string(key) + ": not a size");
    return {};
  };
  std::optional<std::uint64_t> piece;
  if (value.empty()) return {};  // what the header says stands
  if ((key == "path" || key == "linkpath") && value.contains('\0'))
    return damaged("pax " + std::string(key) + ": a name with a NUL");
  if (key == "path") extended.name = value;
  if (key == "linkpath") extended.link = value;
  if (key == "size") TRY(numeric(extended.size));
  if (!key.starts_with("GNU.sparse.")) return {};
  key.remove_prefix(11);
  if (key == "name") extended.sparse_name = value;
  if (key == "map") extended.sparse_map = value;
  if (key == "major") extended.sparse_major = value;
  if (key == "minor") extended.sparse_minor = value;
  if (key == "realsize" || key == "size") TRY(numeric(extended.real_size));
  if (key == "offset" || key == "numbytes") TRY(numeric(piece));
  if (key == "offset") extended.pieces.push_back({*piece, 0});
  if (key == "numbytes" && !extended.pieces.empty()) extended.pieces.back().size = *piece;
  return {};
}

// "LENGTH KEY=VALUE\n" repeated, LENGTH counting all of its record.
Status Tar::pax(Extended& extended) {
  const std::string bytes = TRY(within("pax header", body(limits_.header_bytes, "header_bytes")));
  std::string_view rest = bytes;
  while (!rest.empty() && !all_zero(rest)) {
    const std::size_t space = rest.find(' ');
    const std::optional<std::uint64_t> length = to_number(rest.substr(0, space));
    if (!length || *length > rest.size() || *length < space + 3 || rest[*length - 1] != '\n') {
      return damaged("pax record without a right length");
    }
    const auto [key, value] = cut(rest.substr(space + 1, *length - space - 2), '=');
    TRY(pax_record(key, value, extended));
    rest.remove_prefix(*length);
  }
  return {};
}

// A sparse file of so many pieces.
Status Tar::check_map(std::uint64_t pieces) const {
  if (pieces <= limits_.header_bytes / sizeof(Hole)) return {};
  return fail(Errc::limit, "a sparse file of " + std::to_string(pieces) +
                               " pieces or more (limit header_bytes is " +
                               std::to_string(limits_.header_bytes) + ")");
}

// Old GNU sparse: four (offset, size) pairs at 386, then "is extended" at 482 and the real size at 483;
// extension blocks hold 21 pairs and their own flag at 504.
Status Tar::gnu_sparse(std::string_view header, TarEntry& entry) {
  const auto pairs = [&](std::string_view fields) -> Status {
    for (; fields.size() >= 24; fields.remove_prefix(24)) {
      if (fields[0] == '\0') break;
      const std::optional<std::uint64_t> offset = number(fields.substr(0, 12));
      const std::optional<std::uint64_t> size = number(fields.substr(12, 12));
      if (!offset || !size) return damaged("sparse map: not a number");
      pieces_.push_back({*offset, *size});
    }
    return {};
  };
  const std::optional<std::uint64_t> real = number(header.substr(483, 12));
  if (!real) return damaged("sparse file: real size is not a number");
  entry.size = real_size_ = *real;
  entry.sparse = sparse_ = true;
  bool more = header[482] != '\0';
  TRY(pairs(header.substr(386, 96)));
  while (more) {
    const std::string_view block = TRY(take(kBlock));
    if (block.size() < kBlock) return damaged("sparse map without an end");
    TRY(check_map(pieces_.size()));
    more = block[504] != '\0';
    TRY(pairs(block.substr(0, 504)));
  }
  return {};
}

// Lays what the extended headers said over the entry; GNU's long names count most.
Status Tar::finish_entry(Extended extended, Long names, TarEntry& entry) {
  if (extended.name) entry.name = *std::move(extended.name);
  if (extended.link) entry.link = *std::move(extended.link);
  if (names.name) entry.name = *std::move(names.name);
  if (names.link) entry.link = *std::move(names.link);
  if (names.untyped && entry.name.ends_with('/')) {
    entry.kind = TarEntry::Kind::directory;
    entry.stored = entry.size = body_left_ = padding_ = 0;
    return {};
  }
  if (!extended.is_sparse() || entry.kind != TarEntry::Kind::file) return {};
  if (!extended.sparse_name.empty()) entry.name = std::move(extended.sparse_name);
  sparse_ = entry.sparse = true;
  map_in_body_ = extended.sparse_major == "1";
  entry.size = real_size_ = extended.real_size.value_or(entry.stored);
  pieces_ = std::move(extended.pieces);
  if (extended.sparse_map.empty()) return {};
  std::vector<std::string_view> numbers = split(extended.sparse_map, ',');
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    const std::optional<std::uint64_t> offset = to_number(numbers[i]);
    const std::optional<std::uint64_t> size = to_number(numbers[i + 1]);
    if (!offset || !size) return damaged("sparse map: not a number");
    pieces_.push_back({*offset, *size});
  }
  return {};
}

Result<bool> Tar::next(TarEntry& entry) {
  std::optional<Extended> said;  // few entries have any
  Long names;
  for (;;) {
    if (body_left_ != 0) TRY(leave(std::exchange(body_left_, 0)));
    // Some writers leave out what would follow the last file; Go's archive/tar takes that for the end, too.
    if (padding_ != 0) TRY(take(std::exchange(padding_, 0)));
    const std::string_view header = TRY(take(kBlock));
    ended_early_ = header.empty();
    if (ended_early_) return false;
    if (header.size() < kBlock) return damaged("header cut short");
    if (all_zero(header)) {
      TRY(take(kBlock));  // the second one; some writers leave it out
      return false;
    }
    if (!checksum_holds(header)) return damaged("header with a wrong checksum");
    const char type = header[156];
    read_name(header, entry.name);  // into the same memory each time
    read_link(header, entry.link);
    entry.sparse = false;
    entry.kind = kind_of(type);
    entry.mode = static_cast<std::uint32_t>(number(header.substr(100, 8)).value_or(0) & 07777u);
    const bool describes_next = type == 'x' || type == 'g' || type == 'L' || type == 'K';
    const bool overridden = said && said->size && !describes_next;
    const std::optional<std::uint64_t> size = overridden ? said->size : number(header.substr(124, 12));
    // Links, directories and devices have no body, whatever their size field says (as Go's archive/tar, which
    // the container engines unpack with).
    const bool bodied = entry.kind == TarEntry::Kind::file || entry.kind == TarEntry::Kind::other;
    if (!size || *size >> 62 != 0) return damaged("size of " + printable(entry.name) + ": not a number");
    entry.stored = entry.size = body_left_ = bodied ? *size : 0;
    padding_ = (kBlock - body_left_ % kBlock) % kBlock;
    pieces_.clear();
    sparse_ = map_in_body_ = false;
    if (type == 'S') TRY(gnu_sparse(header, entry));
    entry.offset = position_;
    if (type == 'x') {
      TRY(pax(said.emplace()));  // a second one replaces the first
    } else if (type == 'g') {    // holds for no entry, and ends what was said of the next one
      TRY(pax(said.emplace()));
      said.reset();
      names = {};
    } else if (type == 'L' || type == 'K') {
      const std::string text = TRY(within("long name", body(limits_.header_bytes, "header_bytes")));
      (type == 'L' ? names.name : names.link) = until_nul(text);
    } else {
      names.untyped = type == '\0';
      if (said || names.name || names.link || names.untyped)
        TRY(finish_entry(std::move(said).value_or(Extended()), std::move(names), entry));
      return true;
    }
  }
}

Result<std::string> Tar::with_holes(std::string_view stored, std::uint64_t most) const {
  std::string_view data = stored;
  std::vector<Hole> pieces = pieces_;
  if (map_in_body_) {  // pax 1.0: decimal lines, count first, padded to a block
    const std::optional<std::uint64_t> count = to_number(next_line(data));
    if (!count) return damaged("sparse map: no count");
    TRY(check_map(*count));
    for (std::uint64_t i = 0; i < *count; ++i) {
      const std::optional<std::uint64_t> offset = to_number(next_line(data));
      const std::optional<std::uint64_t> size = to_number(next_line(data));
      if (!offset || !size) return damaged("sparse map: not a number");
      pieces.push_back({*offset, *size});
    }
    const std::size_t used = stored.size() - data.size();
    data.remove_prefix(std::min(data.size(), (kBlock - used % kBlock) % kBlock));
  }
  const std::uint64_t size = std::min(real_size_, most);
  if (size > limits_.file_bytes) {
    return fail(Errc::limit, std::to_string(size) + " bytes (limit file_bytes is " +
                                 std::to_string(limits_.file_bytes) + ")");
  }
  std::string file(static_cast<std::size_t>(size), '\0');
  for (const Hole& piece : pieces) {
    if (piece.offset > real_size_ || piece.size > real_size_ - piece.offset || piece.size > data.size()) {
      return damaged("sparse map: a piece lies outside of the file");
    }
    if (piece.offset < size) {
      const auto part = static_cast<std::size_t>(std::min(piece.size, size - piece.offset));
      file.replace(static_cast<std::size_t>(piece.offset), part, data.substr(0, part));
    }
    data.remove_prefix(static_cast<std::size_t>(piece.size));
  }
  return file;
}

Result<std::string> Tar::read_stored() { return body(limits_.file_bytes, "file_bytes"); }

Result<std::string> Tar::read() {
  std::string stored = TRY(read_stored());
  if (!sparse_) return stored;
  return with_holes(stored, real_size_);
}

Result<bool> Tar::trailing_data() {
  bool found = false;
  for (;;) {
    found = found || !all_zero(window_);
    window_ = TRY(source_.next());
    if (window_.empty()) return found;
  }
}

}  // namespace peekr
