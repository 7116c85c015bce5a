// SPDX-License-Identifier: Apache-2.0
// The hardening is that of sqlite.org/security.html, "Untrusted SQLite Database Files", and three budgets:
// steps to read the schema, steps to read the rows, and bytes of all values, which cannot be more than the
// file has unless they overlap. SQLite's own way to read from memory, sqlite3_deserialize(), would want the bytes as one
// piece and changed: it opens nothing in WAL mode.
#include "lib/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/cursor.h"
#include "base/memory.h"
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
  if (code == SQLITE_NOMEM && memory_is_bound()) out_of_memory();
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

int clamp_length(std::uint64_t size) {
  return static_cast<int>(std::clamp<std::uint64_t>(size, 4096, 1'000'000'000));
}

void set_limits(sqlite3* db, std::uint64_t size) {
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
bool is_cut_short(const SqliteFile& file) {
  constexpr std::uint32_t kLargestPage = 65536;
  constexpr std::size_t kPageSizeAt = 16, kChangesAt = 24, kValidForAt = 92;
  std::array<char, kHeaderSize> header{};
  file.read(0, header);
  Cursor in(std::string_view(header.data(), header.size()));
  in.seek(kPageSizeAt);
  const auto raw = in.be<std::uint16_t>();
  const std::uint32_t page_size = raw == 1 ? kLargestPage : raw;
  in.seek(kChangesAt);
  const auto changes = in.be<std::uint32_t>();
  const std::uint64_t pages = in.be<std::uint32_t>();
  in.seek(kValidForAt);
  const bool valid =
      in.be<std::uint32_t>() == changes;  // else an old SQLite wrote it, that keeps no number of pages
  return page_size == 0 || file.size % page_size != 0 || (valid && file.size < pages * page_size);
}

// The one file that SQLite gets to see (sqlite.org/vfs.html): it can be read, and nobody else writes to it.
struct OpenFile : sqlite3_file {
  const SqliteFile* file;
};

int read_file(sqlite3_file* open, void* to, int count, sqlite3_int64 at) {
  const SqliteFile& file = *static_cast<OpenFile*>(open)->file;
  const std::span<char> out(static_cast<char*>(to), static_cast<std::size_t>(count));
  const auto start = static_cast<std::uint64_t>(at);
  file.read(start, out);
  // Without a log beside it a database cannot be in WAL mode (2), only in rollback-journal mode (1).
  for (const std::size_t mode : {kWriteVersionAt, kReadVersionAt}) {
    if (mode < start || mode - start >= out.size()) continue;
    if (out[mode - start] == 2) out[mode - start] = 1;
  }
  return start + out.size() <= file.size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose = [](sqlite3_file*) { return SQLITE_OK; },
    .xRead = read_file,
    .xWrite = [](sqlite3_file*, const void*, int, sqlite3_int64) { return SQLITE_READONLY; },
    .xTruncate = [](sqlite3_file*, sqlite3_int64) { return SQLITE_READONLY; },
    .xSync = [](sqlite3_file*, int) { return SQLITE_OK; },
    .xFileSize =
        [](sqlite3_file* open, sqlite3_int64* size) {
          *size = static_cast<sqlite3_int64>(static_cast<OpenFile*>(open)->file->size);
          return SQLITE_OK;
        },
    .xLock = [](sqlite3_file*, int) { return SQLITE_OK; },
    .xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; },
    .xCheckReservedLock =
        [](sqlite3_file*, int* is_locked) {
          *is_locked = 0;
          return SQLITE_OK;
        },
    .xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; },
    .xSectorSize = [](sqlite3_file*) { return 512; },
    .xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_IMMUTABLE; },
};

int open_file(sqlite3_vfs* vfs, const char*, sqlite3_file* open, int flags, int* out_flags) {
  open->pMethods = nullptr;
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
  open->pMethods = &kMethods;
  static_cast<OpenFile*>(open)->file = static_cast<const SqliteFile*>(vfs->pAppData);
  if (out_flags != nullptr) *out_flags = SQLITE_OPEN_READONLY;
  return SQLITE_OK;
}

// A file system of that one file. What it cannot say itself (time, randomness) is asked of the standard one.
sqlite3_vfs file_system(SqliteFile& file, const std::string& name) {
  sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.pNext = nullptr;
  vfs.zName = name.c_str();
  vfs.pAppData = &file;
  vfs.xOpen = open_file;
  vfs.xDelete = [](sqlite3_vfs*, const char*, int) { return SQLITE_READONLY; };
  vfs.xAccess = [](sqlite3_vfs*, const char*, int, int* there) {
    *there = 0;
    return SQLITE_OK;
  };
  vfs.xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
  };
  return vfs;
}

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

}  // namespace

bool is_sqlite(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::string journal_problem(std::string_view journal) {
  constexpr std::string_view kHot = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
  if (!journal.starts_with(kHot)) return {};
  return "rollback journal: a transaction was not finished, and is not rolled back";
}

struct SqliteReader::State {
  SqliteFile file;  // these three outlive db, which reads from them
  std::string name;
  sqlite3_vfs vfs{};
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

Result<SqliteReader> SqliteReader::open(SqliteFile file) {
  std::array<char, kMagic.size()> magic{};
  file.read(0, magic);
  if (!is_sqlite({magic.data(), magic.size()}) || file.size < kHeaderSize)
    return fail(Errc::damaged, "no database");
  if (file.size > kMaxBytes)
    return fail(Errc::limit, "database: larger than " + std::to_string(kMaxBytes) + " bytes");
  if (is_cut_short(file)) return fail(Errc::damaged, "database: cut short");
  auto state = std::make_unique<State>();
  state->file = std::move(file);
  // Known to SQLite for as long as it takes to open the file; by a name that no other thread has at that time.
  state->name = fmt::format("peekr-{}", fmt::ptr(state.get()));
  state->vfs = file_system(state->file, state->name);
  sqlite3_vfs_register(&state->vfs, 0);
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2("database", &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, state->name.c_str());
  sqlite3_vfs_unregister(&state->vfs);
  state->db.reset(opened);
  if (code != SQLITE_OK) return fail(Errc::internal, "sqlite: cannot be started");
  set_limits(opened, state->file.size);
  harden(opened);
  sqlite3_progress_handler(opened, kStepsAtOnce, State::progress, state.get());
  return SqliteReader(std::move(state));
}

Status SqliteReader::each_blob(const std::string& table, const std::string& column, const Use& use) {
  sqlite3* db = state_->db.get();
  state_->steps_left = kSchemaSteps;
  TRY(state_->check_column(table, column));
  // Not by an index: its rows are as hostile as the rest, but nobody expects them here.
  const Statement rows = TRY(
      state_->prepare("SELECT rowid, " + quoted(column) + " FROM main." + quoted(table) + " NOT INDEXED"));
  std::uint64_t left = state_->file.size;
  state_->steps_left = 1000 + static_cast<std::int64_t>(state_->file.size) / kBytesPerStep;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(rows.get())) == SQLITE_ROW) {
    const int type = sqlite3_column_type(rows.get(), 1);
    const bool has_bytes = type == SQLITE_BLOB || type == SQLITE_TEXT;
    const std::string_view blob = has_bytes ? bytes_of(rows.get(), 1) : std::string_view();
    if (blob.size() > left) return fail(Errc::damaged, "table " + table + ": its rows overlap");
    left -= blob.size();
    use(sqlite3_column_int64(rows.get(), 0), blob);
  }
  if (code != SQLITE_DONE) return fail_sqlite(db, "table " + table);
  return {};
}

}  // namespace peekr
