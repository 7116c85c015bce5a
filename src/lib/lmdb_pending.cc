// SPDX-License-Identifier: Apache-2.0
#include "lib/lmdb_pending.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <tuple>

namespace peekr::lmdb {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::size_t kLongest = 512;  // bytes that are compared in pieces: no key of LMDB has more
constexpr std::size_t kFew = 24;       // rows that are compared whole
constexpr std::size_t kMany = 512;     // that are not compared at all

// Eight bytes of a key as a number, which is what most comparisons come to.
struct Piece {
  std::uint64_t bytes;
  std::size_t row;
  auto operator<=>(const Piece&) const = default;
};

std::uint64_t piece_of(std::string_view key, std::size_t from) {
  std::array<unsigned char, 8> raw{};
  char* const to = reinterpret_cast<char*>(raw.data());
  if (key.size() >= from + raw.size()) {
    key.substr(from, raw.size()).copy(to, raw.size());  // of a known size: one instruction
  } else if (from < key.size()) {
    key.copy(to, raw.size(), from);
  }
  std::uint64_t value = 0;
  for (const unsigned char byte : raw) value = value << 8u | byte;
  return value;
}

// By their bytes, and of equal ones as they came. Of many each byte in which any differ is counted, the last one first: a comparison
// of what comes in no order costs more than to look at it four times. spare: room that is used again.
void sort_pieces(std::span<Piece> some, std::vector<Piece>& spare) {
  if (std::ranges::is_sorted(some)) return;  // most keys begin alike
  if (some.size() < kMany) {
    std::ranges::sort(some);
    return;
  }
  std::uint64_t differ = 0;
  for (const Piece& one : some) differ |= one.bytes ^ some.front().bytes;
  if (spare.size() < some.size()) spare.resize(some.size());
  std::span<Piece> from = some, to = std::span(spare).first(some.size());
  for (unsigned shift = 0; shift < 64; shift += 8) {
    if ((differ >> shift & 0xFFu) == 0) continue;
    std::array<std::size_t, 256> places{};
    for (const Piece& one : from) ++places[one.bytes >> shift & 0xFFu];
    std::exclusive_scan(places.begin(), places.end(), places.begin(), std::size_t{0});
    for (const Piece& one : from) to[places[one.bytes >> shift & 0xFFu]++] = one;
    std::swap(from, to);
  }
  if (from.data() != some.data()) std::ranges::copy(from, some.begin());
}

}  // namespace

std::string_view Pending::keep(std::string_view text) {
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
    blocks_.emplace_back().reserve(std::max(kBlock, text.size()));
  }
  std::string& block = blocks_.back();
  const std::size_t at = block.size();
  block += text;
  return std::string_view(block).substr(at);
}

void Pending::add(std::string_view key, std::string_view value) {
  const std::string_view kept = keep(key);
  rows_.push_back({kept, keep(value)});
  bytes_ += key.size() + value.size() + sizeof(PendingRow);
}

// By pieces of eight bytes: rows are sorted by one piece, those that are equal in it by the next, few of them by all of the key. A key
// that ends in a piece is filled with zeros there: "a" and "a" NUL are equal in every piece, and told apart at the end.
void Pending::sort() {
  std::vector<Piece> pieces(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) pieces[i].row = i;
  const auto whole = [&](const Piece& a, const Piece& b) {
    return std::tie(rows_[a.row].key, a.row) < std::tie(rows_[b.row].key, b.row);
  };
  struct Part {
    std::size_t from, to, depth;
  };
  std::vector<Piece> spare;
  std::vector<Part> parts{{0, rows_.size(), 0}};
  while (!parts.empty()) {
    const Part at = parts.back();
    parts.pop_back();
    const std::span<Piece> some = std::span(pieces).subspan(at.from, at.to - at.from);
    if (some.size() <= kFew || at.depth > kLongest) {
      std::ranges::sort(some, whole);
      continue;
    }
    for (Piece& one : some) one.bytes = piece_of(rows_[one.row].key, at.depth);
    sort_pieces(some, spare);
    for (std::size_t from = 0, to = 0; from < some.size(); from = to) {
      while (to < some.size() && some[to].bytes == some[from].bytes) ++to;
      if (to - from > 1) parts.push_back({at.from + from, at.from + to, at.depth + sizeof(std::uint64_t)});
    }
  }
  spare_.clear();
  spare_.reserve(rows_.capacity());
  for (const Piece& one : pieces) spare_.push_back(rows_[one.row]);
  std::swap(rows_, spare_);
}

const std::vector<PendingRow>& Pending::sorted() {
  if (!std::ranges::is_sorted(rows_, {}, &PendingRow::key)) sort();
  return rows_;
}

void Pending::clear() {
  rows_.clear();
  bytes_ = 0;
  if (blocks_.size() > 1) blocks_.resize(1);
  if (!blocks_.empty()) blocks_.front().clear();
}

}  // namespace peekr::lmdb
