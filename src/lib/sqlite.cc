// SPDX-License-Identifier: Apache-2.0
// The hardening is that of sqlite.org/security.html, "Untrusted SQLite Database Files", and three budgets:
// steps to read the schema, steps to read the rows, and bytes of all values, which cannot be more than the
// file has unless they overlap.
#include "lib/sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/cursor.h"
#include "base/text.h"

namespace peekr {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kWriteVersionAt = 18, kReadVersionAt = 19, kHeaderSize = 100;
constexpr std::size_t kMaxBytes = std::size_t{1} << 31;
constexpr int kStepsAtOnce = 100;
constexpr std::int64_t kSchemaSteps = 100'000;
constexpr std::int64_t kBytesPerStep = 16;  // a row costs about four steps, and a row of use has 100 bytes

struct CloseDb {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Db = std::unique_ptr<sqlite3, CloseDb>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

std::unexpected<Error> fail_sqlite(sqlite3* db, std::string_view what) {
  const int code = sqlite3_errcode(db) & 0xFF;
  if (code == SQLITE_INTERRUPT)
    return fail(Errc::limit, std::string(what) + ": more work than its size explains");
  return fail(code == SQLITE_NOMEM ? Errc::limit : Errc::damaged,
              std::string(what) + ": " + sqlite3_errmsg(db));
}

// The bytes of a value; they last until the next step.
std::string_view bytes_of(sqlite3_stmt* row, int column) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(row, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

int clamp_length(std::size_t size) {
  return static_cast<int>(std::clamp<std::size_t>(size, 4096, 1'000'000'000));
}

void set_limits(sqlite3* db, std::size_t size) {
  constexpr std::array<std::array<int, 2>, 11> kLimits = {{{SQLITE_LIMIT_SQL_LENGTH, 10'000},
                                                           {SQLITE_LIMIT_COLUMN, 100},
                                                           {SQLITE_LIMIT_EXPR_DEPTH, 10},
                                                           {SQLITE_LIMIT_COMPOUND_SELECT, 3},
                                                           {SQLITE_LIMIT_VDBE_OP, 25'000},
                                                           {SQLITE_LIMIT_FUNCTION_ARG, 8},
                                                           {SQLITE_LIMIT_ATTACHED, 0},
                                                           {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
                                                           {SQLITE_LIMIT_VARIABLE_NUMBER, 10},
                                                           {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
                                                           {SQLITE_LIMIT_WORKER_THREADS, 0}}};
  for (const auto& [id, value] : kLimits) sqlite3_limit(db, id, value);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, clamp_length(size));
}

void harden(sqlite3* db) {
  int was = 0;
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, &was);
  for (const int off : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
                        SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW}) {
    sqlite3_db_config(db, off, 0, &was);
  }
  sqlite3_drop_modules(db, nullptr);  // no virtual tables
  sqlite3_exec(db, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY", nullptr, nullptr, nullptr);
}

// SQLite reads what is missing of a last page as zeros.
bool is_cut_short(std::string_view bytes) {
  constexpr std::uint32_t kLargestPage = 65536;
  constexpr std::size_t kPageSizeAt = 16, kChangesAt = 24, kValidForAt = 92;
  Cursor in(bytes);
  in.seek(kPageSizeAt);
  const auto raw = in.be<std::uint16_t>();
  const std::uint32_t page_size = raw == 1 ? kLargestPage : raw;
  in.seek(kChangesAt);
  const auto changes = in.be<std::uint32_t>();
  const std::uint64_t pages = in.be<std::uint32_t>();
  in.seek(kValidForAt);
  const bool valid =
      in.be<std::uint32_t>() == changes;  // else an old SQLite wrote it, that keeps no number of pages
  return page_size == 0 || bytes.size() % page_size != 0 || (valid && bytes.size() < pages * page_size);
}

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

}  // namespace

bool is_sqlite(std::string_view bytes) { return bytes.starts_with(kMagic); }

struct SqliteReader::State {
  std::string bytes;  // outlives db, which reads from it
  Db db;
  std::int64_t steps_left = 0;

  // What sqlite3_progress_handler calls; anything but 0 interrupts.
  static int progress(void* state) {
    std::int64_t& left = static_cast<State*>(state)->steps_left;
    left -= kStepsAtOnce;
    return left < 0 ? 1 : 0;
  }

  Result<Statement> prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &statement, nullptr);
    if (code != SQLITE_OK) return fail_sqlite(db.get(), "schema");
    return Statement(statement);
  }

  // That the column is stored, not computed, in a table, not a view.
  Status check_column(const std::string& table, const std::string& column) {
    if (sqlite3_table_column_metadata(db.get(), "main", table.c_str(), column.c_str(), nullptr, nullptr,
                                      nullptr, nullptr, nullptr) != SQLITE_OK) {
      return fail_sqlite(db.get(), "table " + table);
    }
    constexpr int kName = 1, kHidden = 6;
    const Statement info = TRY(prepare("PRAGMA main.table_xinfo(" + quoted(table) + ")"));
    while (sqlite3_step(info.get()) == SQLITE_ROW) {
      if (sqlite3_column_int(info.get(), kHidden) == 0 &&
          equal_ignoring_case(bytes_of(info.get(), kName), column))
        return {};
    }
    return fail(Errc::unsupported, "table " + table + ": column " + column + " is not stored");
  }
};

SqliteReader::SqliteReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteReader::SqliteReader(SqliteReader&&) noexcept = default;
SqliteReader& SqliteReader::operator=(SqliteReader&&) noexcept = default;
SqliteReader::~SqliteReader() = default;

Result<SqliteReader> SqliteReader::open(std::string bytes) {
  if (!is_sqlite(bytes) || bytes.size() < kHeaderSize) return fail(Errc::damaged, "no database");
  if (bytes.size() > kMaxBytes)
    return fail(Errc::limit, "database: larger than " + std::to_string(kMaxBytes) + " bytes");
  if (is_cut_short(bytes)) return fail(Errc::damaged, "database: cut short");
  auto state = std::make_unique<State>();
  state->bytes = std::move(bytes);
  // A database in memory cannot be in WAL mode (2), only in rollback-journal mode (1).
  for (const std::size_t at : {kWriteVersionAt, kReadVersionAt}) {
    if (state->bytes[at] == 2) state->bytes[at] = 1;
  }
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  state->db.reset(opened);
  if (code != SQLITE_OK) return fail(Errc::internal, "sqlite: cannot be started");
  set_limits(opened, state->bytes.size());
  harden(opened);
  sqlite3_progress_handler(opened, kStepsAtOnce, State::progress, state.get());
  const auto size = static_cast<sqlite3_int64>(state->bytes.size());
  // sqlite3_deserialize takes unsigned char; a read-only database is never written to.
  auto* data = static_cast<unsigned char*>(static_cast<void*>(state->bytes.data()));
  if (sqlite3_deserialize(opened, "main", data, size, size, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
    return fail_sqlite(opened, "database");
  }
  return SqliteReader(std::move(state));
}

Status SqliteReader::each_blob(const std::string& table, const std::string& column, const Use& use) {
  sqlite3* db = state_->db.get();
  state_->steps_left = kSchemaSteps;
  TRY(state_->check_column(table, column));
  // Not by an index: its rows are as hostile as the rest, but nobody expects them here.
  const Statement rows = TRY(
      state_->prepare("SELECT rowid, " + quoted(column) + " FROM main." + quoted(table) + " NOT INDEXED"));
  std::uint64_t left = state_->bytes.size();
  state_->steps_left = 1000 + static_cast<std::int64_t>(state_->bytes.size()) / kBytesPerStep;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(rows.get())) == SQLITE_ROW) {
    const bool is_blob = sqlite3_column_type(rows.get(), 1) == SQLITE_BLOB;
    const std::string_view blob = is_blob ? bytes_of(rows.get(), 1) : std::string_view();
    if (blob.size() > left) return fail(Errc::damaged, "table " + table + ": its rows overlap");
    left -= blob.size();
    use(sqlite3_column_int64(rows.get(), 0), blob);
  }
  if (code != SQLITE_DONE) return fail_sqlite(db, "table " + table);
  return {};
}

}  // namespace peekr
