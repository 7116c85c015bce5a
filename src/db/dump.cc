// SPDX-License-Identifier: Apache-2.0
#include "db/dump.h"

#include <algorithm>
#include <array>

#include "base/cursor.h"
#include "base/timer.h"
#include "db/overlay.h"
#include "db/record.h"
#include "db/tables.h"

namespace peekr {
namespace {

constexpr std::size_t kPiece = std::size_t{8} << 20;
constexpr std::uint64_t kLongestValue = std::uint64_t{32}
                                        << 20;  // the row is decoded whole, to many times that
constexpr std::uint64_t kEnd = 255;             // in the place of a table: the number of rows follows
constexpr std::array kDumped = {tables::kMeta,  tables::kSources, tables::kRecords,
                                tables::kRisks, tables::kHistory, tables::kRiskHistory};

void add_number(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void add_text(std::string& out, std::string_view text) {
  add_number(out, text.size());
  out += text;
}

std::unexpected<Error> damaged(const std::string& why) {
  return fail(Errc::damaged, "database export: " + why);
}

// Of `meta` what the rest does not say.
bool is_dumped(LmdbTable table, std::string_view key) {
  return table != tables::kMeta || key == tables::kHistoryKey || key == tables::kKeepKey;
}

}  // namespace

Status dump(const Db& db, const std::function<Status(std::string_view)>& use) {
  const Timer timer("db/dump");
  std::string piece;
  std::uint64_t rows = 0;
  Status status;
  for (const LmdbTable table : kDumped) {
    TRY(db.tables().each(table, "", [&](std::string_view key, std::string_view value) {
      if (!is_dumped(table, key)) return true;
      ++rows;
      add_number(piece, table);
      add_text(piece, key);
      add_text(piece, value);
      if (piece.size() < kPiece) return true;
      status = use(piece);
      piece.clear();
      return status.has_value();
    }));
    TRY(Status(status));
  }
  add_number(piece, kEnd);
  add_number(piece, rows);
  return use(piece);
}

// The bytes that the row takes; 0: it is not whole yet.
Result<std::size_t> Restore::row(std::string_view bytes) {
  Cursor in(bytes);
  const std::uint64_t table = in.varint();
  if (in.ok() && table == kEnd) {
    const std::uint64_t rows = in.varint();
    if (!in.ok()) return std::size_t{0};
    if (rows != rows_) return damaged(std::to_string(rows_) + " rows of " + std::to_string(rows));
    ended_ = true;
    return in.position();
  }
  if (in.ok() && std::ranges::find(kDumped, table) == kDumped.end()) return damaged("no such table");
  const std::uint64_t key_size = in.varint();
  if (in.ok() && key_size > kLmdbLongestKey) return damaged("a key that is too long");
  const std::string_view key = in.take(key_size);
  const std::uint64_t value_size = in.varint();
  if (in.ok() && value_size > kLongestValue) return damaged("a row that is too long");
  const std::string_view value = in.take(value_size);
  if (!in.ok()) return std::size_t{0};
  TRY(put(static_cast<std::size_t>(table), key, value));
  ++rows_;
  return in.position();
}

Status Restore::put(std::size_t table, std::string_view key, std::string_view value) {
  if (table == tables::kSources) return writer_.set_source(TRY(record::decode_source(value)));
  if (table == tables::kRecords)
    return writer_.put(std::string(tables::part_of(key, 0)), TRY(record::decode_advisory(value)));
  if (table == tables::kRisks)
    return writer_.put(std::string(tables::part_of(key, 1)), TRY(record::decode_risk(value)));
  if (!is_dumped(table, key)) return damaged("no such row");
  return writer_.restore(table, key, value);
}

Status Restore::take(std::string_view piece) {
  const Timer timer("db/restore");
  rest_ += piece;
  std::string_view left = rest_;
  while (!left.empty()) {
    if (ended_) return damaged("bytes behind its end");
    const std::size_t size = TRY(row(left));
    if (size == 0) break;
    left.remove_prefix(size);
  }
  rest_.erase(0, rest_.size() - left.size());
  return {};
}

Status Restore::finish() { return ended_ ? Status{} : Status(damaged("cut short")); }

}  // namespace peekr
