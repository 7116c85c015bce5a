// SPDX-License-Identifier: Apache-2.0
#include "lib/lmdb_pending.h"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>

namespace peekr::lmdb {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::size_t kLongest = 512;  // bytes that are compared in pieces: no key of LMDB has more
constexpr std::size_t kFew = 24;       // rows that are compared whole

// Eight bytes of a key as a number, which is what most comparisons come to.
struct Piece {
  std::uint64_t bytes;
  std::size_t row;
  auto operator<=>(const Piece&) const = default;
};

std::uint64_t piece_of(std::string_view key, std::size_t from) {
  std::array<unsigned char, 8> raw{};
  if (from < key.size()) key.copy(reinterpret_cast<char*>(raw.data()), raw.size(), from);
  std::uint64_t value = 0;
  for (const unsigned char byte : raw) value = value << 8u | byte;
  return value;
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
    if (!std::ranges::is_sorted(some)) std::ranges::sort(some);  // most keys begin alike
    for (std::size_t from = 0, to = 0; from < some.size(); from = to) {
      while (to < some.size() && some[to].bytes == some[from].bytes) ++to;
      if (to - from > 1) parts.push_back({at.from + from, at.from + to, at.depth + sizeof(std::uint64_t)});
    }
  }
  std::vector<PendingRow> sorted(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) sorted[i] = rows_[pieces[i].row];
  rows_ = std::move(sorted);
}

const std::vector<PendingRow>& Pending::sorted() {
  if (!std::ranges::is_sorted(rows_, {}, &PendingRow::key)) sort();
  const auto same = [](const PendingRow& a, const PendingRow& b) { return a.key == b.key; };
  // From the end, so that of equal ones the last is kept.
  const auto twice = std::unique(rows_.rbegin(), rows_.rend(), same);
  rows_.erase(rows_.begin(), twice.base());
  return rows_;
}

void Pending::clear() {
  rows_.clear();
  bytes_ = 0;
  if (blocks_.size() > 1) blocks_.resize(1);
  if (!blocks_.empty()) blocks_.front().clear();
}

}  // namespace peekr::lmdb
