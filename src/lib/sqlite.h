// SPDX-License-Identifier: Apache-2.0
// SQLite: reads a database file that is already in memory. The only door to libsqlite3. The file is not
// trusted: nothing of its schema is run (no views, triggers, virtual tables, computed columns, extensions),
// and the work is bounded by its size.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

[[nodiscard]] bool is_sqlite(std::string_view bytes);

// The database file with what its write-ahead log has on top (sqlite.org/fileformat2.html, section 4).
struct WalApplied {
  std::string bytes;
  std::string problem;  // what of the log could not be used; empty: nothing
};
[[nodiscard]] WalApplied apply_wal(std::string_view bytes, std::string_view wal);

class SqliteReader {
 public:
  // A database in WAL mode is read as it is in `bytes`. Errc::damaged when it is no database.
  static Result<SqliteReader> open(std::string bytes);
  SqliteReader(SqliteReader&&) noexcept;
  SqliteReader& operator=(SqliteReader&&) noexcept;
  ~SqliteReader();

  // Calls use(rowid, blob) for every row of an ordinary table; empty when the value is no blob. After an
  // error the rows so far have been handed out. Errc::limit: more work than its size explains.
  using Use = std::function<void(std::int64_t rowid, std::string_view blob)>;
  Status each_blob(const std::string& table, const std::string& column, const Use& use);

 private:
  struct State;
  explicit SqliteReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekr
