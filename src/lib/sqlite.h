// SPDX-License-Identifier: Apache-2.0
// SQLite: reads a database file where it lies in memory. The only door to libsqlite3. The file is not
// trusted: nothing of its schema is run (no views, triggers, virtual tables, computed columns, extensions),
// and the work is bounded by its size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

[[nodiscard]] bool is_sqlite(std::string_view bytes);

// A database file and its write-ahead log (sqlite.org/fileformat2.html, section 4) as one: views, no copies.
struct SqliteFile {
  std::string_view bytes;
  std::map<std::uint32_t, std::string_view> pages;  // those that the log has on top, from 1
  std::uint32_t page_size = 0;                      // of these
  std::uint64_t size = 0;
  std::string problem;  // what of the log could not be used; empty: nothing

  // What lies there; zeros where nothing does.
  void read(std::uint64_t at, std::span<char> out) const;
};
[[nodiscard]] SqliteFile sqlite_file(std::string_view bytes, std::string_view wal);

// What the rollback journal beside a database (the same, section 3) tells of it; empty: nothing. Its first bytes are zeroed when its
// transaction is over.
[[nodiscard]] std::string journal_problem(std::string_view journal);

class SqliteReader {
 public:
  // The bytes behind `file` are to outlive the reader. Errc::damaged when it is no database.
  static Result<SqliteReader> open(SqliteFile file);
  SqliteReader(SqliteReader&&) noexcept;
  SqliteReader& operator=(SqliteReader&&) noexcept;
  ~SqliteReader();

  // Calls use(rowid, blob) for every row of an ordinary table; empty when the value is neither blob nor text. After an
  // error the rows so far have been handed out. Errc::limit: more work than its size explains.
  using Use = std::function<void(std::int64_t rowid, std::string_view blob)>;
  Status each_blob(const std::string& table, const std::string& column, const Use& use);

 private:
  struct State;
  explicit SqliteReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekr
