// SPDX-License-Identifier: Apache-2.0
// LMDB checks little of what it maps: a page number beyond the file's end is a SIGBUS. So the header is
// checked here before the library sees it, and the file's size against its last page. Pages inside are taken
// to be as the writer left them.
#include "lib/lmdb.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <vector>

#include "base/cursor.h"
#include "base/fd.h"

namespace peekr {
namespace {

constexpr std::size_t kMapBytes = std::size_t{1}
                                  << 36;  // address space of a writer, not memory: the most a file can have
constexpr std::size_t kHeaderBytes = 64;  // page header (16 bytes) and the front of the first meta page
constexpr std::uint32_t kMagic = 0xBEEFC0DE;

std::string file_in(const std::string& directory) { return directory + "/data.mdb"; }

Error error_of(int code, const std::string& what) {
  const Errc kind = code == ENOENT                                    ? Errc::not_found
                    : code == MDB_MAP_FULL || code == MDB_BAD_VALSIZE ? Errc::limit
                    : code < 0                                        ? Errc::damaged
                                                                      : Errc::io;
  return {kind, what + ": " + mdb_strerror(code)};
}

MDB_val value_of(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }
std::string_view view_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

// The page size of the file; damaged when its first meta page is none.
Result<std::uint64_t> checked_page_size(const std::string& directory) {
  const Fd file = TRY(Fd::open(file_in(directory), O_RDONLY));
  std::array<char, kHeaderBytes> header{};
  const ssize_t got = ::pread(file.get(), header.data(), header.size(), 0);
  if (got < 0) return fail_errno("read " + file_in(directory));
  Cursor in(std::string_view(header.data(), static_cast<std::size_t>(got)));
  in.skip(16);
  const auto magic = in.le<std::uint32_t>();
  const auto version = in.le<std::uint32_t>();
  in.skip(8 + 8);  // address and size of the map
  const auto page = in.le<std::uint32_t>();
  if (!in.ok() || magic != kMagic) return fail(Errc::damaged, file_in(directory) + ": not an LMDB file");
  if (version != 1)
    return fail(Errc::unsupported, file_in(directory) + ": LMDB format " + std::to_string(version));
  if (page < 512 || page > 65536 || !std::has_single_bit(page)) {
    return fail(Errc::damaged, file_in(directory) + ": page size " + std::to_string(page));
  }
  return page;
}

// What both sides share: the environment and its table handles.
struct Environment {
  MDB_env* env = nullptr;
  std::string directory;
  std::vector<MDB_dbi> tables;

  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    if (env != nullptr) mdb_env_close(env);
  }

  Status open(const std::string& where, unsigned flags, std::size_t map_bytes) {
    directory = where;
    int code = mdb_env_create(&env);
    if (code == 0) code = mdb_env_set_maxdbs(env, 16);
    if (code == 0) code = mdb_env_set_mapsize(env, map_bytes);
    if (code == 0) code = mdb_env_open(env, where.c_str(), flags | MDB_NOLOCK, 0644);
    if (code != 0) return fail(error_of(code, "open " + file_in(where)));
    return {};
  }
  Status open_tables(MDB_txn* txn, std::span<const std::string_view> names, unsigned flags) {
    for (const std::string_view name : names) {
      MDB_dbi table = 0;
      const int code = mdb_dbi_open(txn, std::string(name).c_str(), flags, &table);
      if (code != 0)
        return fail(Errc::damaged,
                    file_in(directory) + ": table " + std::string(name) + ": " + mdb_strerror(code));
      tables.push_back(table);
    }
    return {};
  }
  // Bytes up to the end of the last page.
  [[nodiscard]] std::uint64_t used_bytes() const {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(env, &info);
    mdb_env_stat(env, &stat);
    return (std::uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
  }
  [[nodiscard]] Result<std::optional<std::string_view>> get(MDB_txn* txn, LmdbTable table,
                                                            std::string_view key) const {
    MDB_val name = value_of(key), value{};
    const int code = key.empty() ? MDB_NOTFOUND : mdb_get(txn, tables[table], &name, &value);
    if (code == MDB_NOTFOUND) return std::nullopt;
    if (code != 0) return fail(error_of(code, "read " + file_in(directory)));
    return view_of(value);
  }
  [[nodiscard]] Status each(MDB_txn* txn, LmdbTable table, std::string_view prefix,
                            const LmdbReader::Use& use) const {
    MDB_cursor* cursor = nullptr;
    int code = mdb_cursor_open(txn, tables[table], &cursor);
    if (code != 0) return fail(error_of(code, "read " + file_in(directory)));
    const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> closer(cursor, mdb_cursor_close);
    MDB_val key = value_of(prefix), value{};
    code = mdb_cursor_get(cursor, &key, &value, prefix.empty() ? MDB_FIRST : MDB_SET_RANGE);
    while (code == 0 && view_of(key).starts_with(prefix) && use(view_of(key), view_of(value))) {
      code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    if (code != 0 && code != MDB_NOTFOUND) return fail(error_of(code, "read " + file_in(directory)));
    return {};
  }
};

// A read-only transaction. Each call has its own: then the reader may be shared by threads (LMDB: one thread
// a transaction).
class Snapshot {
 public:
  static Result<Snapshot> begin(const Environment& at) {
    MDB_txn* txn = nullptr;
    const int code = mdb_txn_begin(at.env, nullptr, MDB_RDONLY, &txn);
    if (code != 0) return fail(error_of(code, "read " + file_in(at.directory)));
    return Snapshot(txn);
  }
  [[nodiscard]] MDB_txn* txn() const { return txn_.get(); }
  // Keeps the table handles that were opened in it.
  int commit() { return mdb_txn_commit(txn_.release()); }

 private:
  explicit Snapshot(MDB_txn* txn) : txn_(txn, mdb_txn_abort) {}
  std::unique_ptr<MDB_txn, void (*)(MDB_txn*)> txn_;
};

}  // namespace

struct LmdbReader::State : Environment {};

LmdbReader::LmdbReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
LmdbReader::LmdbReader(LmdbReader&&) noexcept = default;
LmdbReader& LmdbReader::operator=(LmdbReader&&) noexcept = default;
LmdbReader::~LmdbReader() = default;

Result<LmdbReader> LmdbReader::open(const std::string& directory, std::span<const std::string_view> tables) {
  TRY(checked_page_size(directory));
  auto state = std::make_unique<State>();
  // The smallest map: LMDB makes it as large as the file's last page asks for.
  TRY(state->open(directory, MDB_RDONLY | MDB_NOTLS | MDB_NORDAHEAD, 1));
  const std::uint64_t used = state->used_bytes();
  struct stat file{};
  if (::stat(file_in(directory).c_str(), &file) != 0) return fail_errno("open " + file_in(directory));
  if (static_cast<std::uint64_t>(file.st_size) < used) {
    return fail(Errc::damaged, file_in(directory) + ": cut short: " + std::to_string(file.st_size) +
                                   " bytes of " + std::to_string(used));
  }
  Snapshot snapshot = TRY(Snapshot::begin(*state));
  TRY(state->open_tables(snapshot.txn(), tables, 0));
  if (const int code = snapshot.commit(); code != 0)
    return fail(error_of(code, "open " + file_in(directory)));
  return LmdbReader(std::move(state));
}

Result<std::optional<std::string_view>> LmdbReader::get(LmdbTable table, std::string_view key) const {
  const Snapshot snapshot = TRY(Snapshot::begin(*state_));
  return state_->get(snapshot.txn(), table, key);
}

Status LmdbReader::each(LmdbTable table, std::string_view prefix, const Use& use) const {
  const Snapshot snapshot = TRY(Snapshot::begin(*state_));
  return state_->each(snapshot.txn(), table, prefix, use);
}

Result<std::uint64_t> LmdbReader::size(LmdbTable table) const {
  const Snapshot snapshot = TRY(Snapshot::begin(*state_));
  MDB_stat stat{};
  const int code = mdb_stat(snapshot.txn(), state_->tables[table], &stat);
  if (code != 0) return fail(error_of(code, "read " + file_in(state_->directory)));
  return stat.ms_entries;
}

std::uint64_t LmdbReader::file_bytes() const { return state_->used_bytes(); }

struct LmdbWriter::State : Environment {
  MDB_txn* txn = nullptr;
  ~State() {
    if (txn != nullptr) mdb_txn_abort(txn);
  }
  Status begin() {
    const int code = mdb_txn_begin(env, nullptr, 0, &txn);
    if (code != 0) return fail(error_of(code, "write " + file_in(directory)));
    return {};
  }
};

LmdbWriter::LmdbWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
LmdbWriter::LmdbWriter(LmdbWriter&&) noexcept = default;
LmdbWriter& LmdbWriter::operator=(LmdbWriter&&) noexcept = default;
LmdbWriter::~LmdbWriter() = default;

Result<LmdbWriter> LmdbWriter::create(const std::string& directory,
                                      std::span<const std::string_view> tables) {
  auto state = std::make_unique<State>();
  TRY(state->open(directory, MDB_NOSYNC, kMapBytes));
  TRY(state->begin());
  TRY(state->open_tables(state->txn, tables, MDB_CREATE));
  return LmdbWriter(std::move(state));
}

Result<std::optional<std::string_view>> LmdbWriter::get(LmdbTable table, std::string_view key) const {
  return state_->get(state_->txn, table, key);
}

Status LmdbWriter::each(LmdbTable table, std::string_view prefix, const LmdbReader::Use& use) const {
  return state_->each(state_->txn, table, prefix, use);
}

Status LmdbWriter::put(LmdbTable table, std::string_view key, std::string_view value) {
  MDB_val name = value_of(key), bytes = value_of(value);
  const int code = mdb_put(state_->txn, state_->tables[table], &name, &bytes, 0);
  if (code != 0) return fail(error_of(code, "write " + file_in(state_->directory)));
  return {};
}

Status LmdbWriter::remove(LmdbTable table, std::string_view key) {
  MDB_val name = value_of(key);
  const int code = mdb_del(state_->txn, state_->tables[table], &name, nullptr);
  if (code != 0 && code != MDB_NOTFOUND) return fail(error_of(code, "write " + file_in(state_->directory)));
  return {};
}

Status LmdbWriter::commit() {
  const int code = mdb_txn_commit(std::exchange(state_->txn, nullptr));
  if (code != 0) return fail(error_of(code, "write " + file_in(state_->directory)));
  return state_->begin();
}

Status LmdbWriter::close() {
  int code = mdb_txn_commit(std::exchange(state_->txn, nullptr));
  if (code == 0) code = mdb_env_sync(state_->env, 1);
  if (code != 0) return fail(error_of(code, "write " + file_in(state_->directory)));
  // Pages that were freed again before they were ever written may lie behind the end: the reader's check
  // wants them there.
  const std::uint64_t used = state_->used_bytes();
  const std::string path = file_in(state_->directory);
  struct stat file{};
  if (::stat(path.c_str(), &file) != 0) return fail_errno("write " + path);
  if (static_cast<std::uint64_t>(file.st_size) < used &&
      ::truncate(path.c_str(), static_cast<off_t>(used)) != 0) {
    return fail_errno("write " + path);
  }
  state_.reset();
  return {};
}

}  // namespace peekr
