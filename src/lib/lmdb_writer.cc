// SPDX-License-Identifier: Apache-2.0
// Writing, in place or to a new file beside the old one. lmdb_file.h says how readers are kept whole.
#include <fcntl.h>
#include <lmdb.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>
#include <filesystem>

#include "base/fd.h"
#include "base/text.h"
#include "lib/lmdb.h"
#include "lib/lmdb_damage.h"
#include "lib/lmdb_file.h"
#include "lib/lmdb_pending.h"

namespace peekr {
namespace {

constexpr std::size_t kMapBytes = std::size_t{1}
                                  << 36;  // address space, not memory: the most a file can have
// Pages that one transaction holds in memory before it writes some (MDB_IDL_UM_MAX of LMDB).
constexpr std::uint64_t kMostDirtyPages = std::uint64_t{1} << 17;
constexpr std::uint64_t kPendingBytes = std::uint64_t{48} << 20;  // of new rows, held until they are sorted
constexpr std::uint64_t kTransactionBytes = std::uint64_t{8} << 20;  // of them, held as pages

MDB_val value_of(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }

std::string_view view_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

std::string holder(const Fd& lock) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(lock.get(), text.data(), text.size(), 0);
  const std::string_view pid =
      trim(std::string_view(text.data(), got < 0 ? 0 : static_cast<std::size_t>(got)));
  return pid.empty() ? "another process" : "process " + printable(pid);
}

// The lock that only one writer of the directory has, until it closes it.
Result<Fd> lock_directory(const std::string& directory) {
  const std::string path = directory + "/lock";
  Fd lock = TRY(Fd::open(path, O_RDWR | O_CREAT));
  struct flock whole{.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (::fcntl(lock.get(), F_OFD_SETLK, &whole) != 0) {
    if (errno != EAGAIN && errno != EACCES) return fail_errno("lock " + path);
    return fail(Errc::busy, "write " + directory + ": " + holder(lock) + " is writing it");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) != 0 ||
      ::pwrite(lock.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return fail_errno("write " + path);
  }
  return lock;
}

Status sync_directory(const std::string& directory) {
  const Fd fd = TRY(Fd::open(directory, O_RDONLY | O_DIRECTORY));
  if (::fsync(fd.get()) != 0) return fail_errno("write " + directory);
  return {};
}

// A directory with other things in it is somebody's, not ours to write to.
Status make_directory(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return fail(Errc::io, "create " + directory + ": " + error.message());
  if (fs::exists(lmdb::file_in(directory), error)) return {};
  for (const fs::directory_entry& one : fs::directory_iterator(directory, error)) {
    const std::string name = one.path().filename();
    if (name != "lock" && name != "data.mdb.new")
      return fail(Errc::usage, "write database: " + directory + " is there and is no database");
  }
  if (error) return fail(Errc::io, "write " + directory + ": " + error.message());
  return {};
}

}  // namespace

struct LmdbWriter::State {
  std::string directory;
  Fd lock;
  std::vector<std::string_view> names;
  lmdb::File file;
  bool fresh = false;
  std::vector<lmdb::Pending> pending;  // of each table, of a fresh file
  std::uint64_t pending_bytes = 0;
  std::uint64_t put_bytes = 0;  // of a fresh file's transaction, whoever asked for them

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    file.close();
    if (fresh) ::unlink(lmdb::fresh_file_in(directory).c_str());
  }

  // Empty, but the only writer of that directory.
  static Result<std::unique_ptr<State>> lock_in(const std::string& directory,
                                                std::span<const std::string_view> tables) {
    TRY(make_directory(directory));
    auto state = std::make_unique<State>();
    state->directory = directory;
    state->names.assign(tables.begin(), tables.end());
    state->pending.resize(tables.size());
    state->lock = TRY(lock_directory(directory));
    ::unlink(lmdb::fresh_file_in(directory).c_str());  // of a writer that was killed
    return state;
  }

  [[nodiscard]] Status failed(int code) const {
    return fail(lmdb::error_of(code == EIO ? why_cut_short() : code, "write " + file.path));
  }
  // LMDB says "Input/output error" where a write ends early, which is what the first one does on a disk that becomes full, or at a
  // limit of the size of files. The next one has a reason.
  [[nodiscard]] int why_cut_short() const {
    constexpr std::uint64_t kMore = std::uint64_t{1} << 20;
    const std::uint64_t there = file.size_on_disk().value_or(0);
    rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < there + kMore) return EFBIG;
    const int asked =
        ::fallocate(file.fd(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(there), static_cast<off_t>(kMore));
    return asked != 0 && errno != EOPNOTSUPP ? errno : EIO;
  }

  Status open_file() {
    const std::string path = fresh ? lmdb::fresh_file_in(directory) : lmdb::file_in(directory);
    return file.open(path, fresh ? MDB_NOSYNC : 0u, kMapBytes);
  }

  // Whether somebody reads a state whose pages the next transaction may reuse.
  [[nodiscard]] bool endangers_readers() const {
    MDB_envinfo info{};
    mdb_env_info(file.env, &info);
    if (info.me_last_txnid < 2) return false;
    struct flock asked{.l_type = F_WRLCK,
                       .l_whence = SEEK_SET,
                       .l_len = static_cast<off_t>(info.me_last_txnid - 1)};  // bytes up to T-3
    return ::fcntl(file.fd(), F_OFD_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
  }
  // The file that was written beside it takes the name, and is gone on with.
  Status adopt() {
    file.close();  // its pages are those of the new one, or no longer wanted
    const std::string from = lmdb::fresh_file_in(directory), to = lmdb::file_in(directory);
    if (std::rename(from.c_str(), to.c_str()) != 0)
      return fail_errno("put " + from + " in the place of " + to);
    fresh = false;
    TRY(sync_directory(directory));
    return open_file();
  }
  Status compact() {
    TRY(file.copy(lmdb::fresh_file_in(directory)));
    return adopt();
  }
  // Makes sure that there is a transaction to write in.
  Status ready() {
    if (file.txn != nullptr) return {};
    if (!fresh && endangers_readers()) TRY(compact());
    TRY(file.begin(0));
    return file.tables.empty() ? file.open_tables(names, MDB_CREATE) : Status{};
  }

  // And that this table is whole.
  Status ready(LmdbTable table) {
    TRY(settle(table));
    return ready();
  }

  Status resize(std::uint64_t bytes) const {
    if (::ftruncate(file.fd(), static_cast<off_t>(bytes)) != 0) return fail_errno("write " + file.path);
    return {};
  }
  // Pages that were freed before they were ever written may lie behind the file's end, and a reader holds a
  // file that ends before its last page to be cut short. So the file is longer than it can ever become before
  // the new state is there (costs nothing: a hole), and is cut to its size afterwards.
  Status commit_in_place() {
    const std::uint64_t there = std::max(TRY(file.size_on_disk()), file.used_bytes());
    TRY(resize(there + kMostDirtyPages * file.page_bytes()));
    Status status = flush();
    TRY(resize(status ? file.used_bytes() : there));
    return status;
  }
  Status flush() {
    const lmdb::Asking asking(file.path);
    const int code = mdb_txn_commit(std::exchange(file.txn, nullptr));
    return code == 0 ? Status{} : failed(code);
  }
  // The map keeps every page that was ever looked at, which is in the end all of the file.
  Status make_room() {
    put_bytes = 0;
    TRY(flush());
    file.close();
    return open_file();
  }
  Status wait(LmdbTable table, std::string_view key, std::string_view value) {
    lmdb::Pending& at = pending[table];
    const std::uint64_t before = at.bytes();
    at.add(key, value);
    pending_bytes += at.bytes() - before;
    if (pending_bytes >= kPendingBytes) return settle();
    return put_bytes < kTransactionBytes ? Status{} : make_room();
  }
  // Puts what is pending of that table.
  Status settle(LmdbTable table) {
    lmdb::Pending& at = pending[table];
    if (at.empty()) return {};
    const std::uint64_t bytes = at.bytes();
    const std::span<const lmdb::PendingRow> rows = at.sorted();
    for (std::size_t done = 0; done < rows.size();) {
      TRY(ready());
      const int code = put_some(table, rows, done);
      if (code != 0) return failed(code);
      if (bytes >= kTransactionBytes) TRY(make_room());
    }
    pending_bytes -= bytes;
    at.clear();
    return {};
  }
  // Rows from `done` on, which it moves on, as many as one transaction should have.
  int put_some(LmdbTable table, std::span<const lmdb::PendingRow> rows, std::size_t& done) {
    MDB_cursor* cursor = nullptr;
    int code = mdb_cursor_open(file.txn, file.tables[table], &cursor);
    if (code != 0) return code;
    const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> closer(cursor, mdb_cursor_close);
    MDB_val highest{}, unused{};
    std::string last;
    if (mdb_cursor_get(cursor, &highest, &unused, MDB_LAST) == 0) last = view_of(highest);
    bool append = false;
    for (std::uint64_t bytes = 0; code == 0 && done < rows.size() && bytes < kTransactionBytes; ++done) {
      const std::string_view name = rows[done].key;
      if (done + 1 < rows.size() && rows[done + 1].key == name) continue;  // the last of equal ones counts
      append = append || name > last;
      MDB_val key = value_of(name), value = value_of(rows[done].value);
      code = mdb_cursor_put(cursor, &key, &value, append ? MDB_APPEND : 0u);
      bytes += key.mv_size + value.mv_size;
      put_bytes += key.mv_size + value.mv_size;
    }
    return code;
  }
  Status settle() {
    for (LmdbTable table = 0; table < pending.size(); ++table) TRY(settle(table));
    TRY(ready());
    return make_room();
  }
  Status roll_back() {
    file.close();
    if (fresh) ::unlink(lmdb::fresh_file_in(directory).c_str());
    for (lmdb::Pending& one : pending) one.clear();
    pending_bytes = put_bytes = 0;
    return open_file();
  }
  Status publish() {
    TRY(settle());
    if (TRY(file.size_on_disk()) < file.used_bytes()) TRY(resize(file.used_bytes()));
    if (const int code = mdb_env_sync(file.env, 1); code != 0) return failed(code);
    return adopt();
  }
};

LmdbWriter::LmdbWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
LmdbWriter::LmdbWriter(LmdbWriter&&) noexcept = default;
LmdbWriter& LmdbWriter::operator=(LmdbWriter&&) noexcept = default;
LmdbWriter::~LmdbWriter() = default;

Result<LmdbWriter> LmdbWriter::open(const std::string& directory, std::span<const std::string_view> tables) {
  auto state = TRY(State::lock_in(directory, tables));
  state->fresh = ::access(lmdb::file_in(directory).c_str(), F_OK) != 0;
  if (!state->fresh) TRY(lmdb::check_header(lmdb::file_in(directory)));
  TRY(state->open_file());
  if (!state->fresh) TRY(state->file.check_size());
  return LmdbWriter(std::move(state));
}

Result<LmdbWriter> LmdbWriter::fresh(const std::string& directory, std::span<const std::string_view> tables) {
  auto state = TRY(State::lock_in(directory, tables));
  state->fresh = true;
  TRY(state->open_file());
  return LmdbWriter(std::move(state));
}

bool LmdbWriter::is_fresh() const { return state_->fresh; }

Result<std::optional<std::string_view>> LmdbWriter::get(LmdbTable table, std::string_view key) const {
  TRY(state_->ready(table));
  return state_->file.get(table, key);
}

Status LmdbWriter::each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const {
  TRY(state_->ready(table));
  return state_->file.each(table, prefix, use);
}

Status LmdbWriter::put(LmdbTable table, std::string_view key, std::string_view value) {
  if (state_->fresh) return state_->wait(table, key, value);
  TRY(state_->ready());
  MDB_val name = value_of(key), bytes = value_of(value);
  const lmdb::Asking asking(state_->file.path);
  const int code = mdb_put(state_->file.txn, state_->file.tables[table], &name, &bytes, 0);
  return code == 0 ? Status{} : state_->failed(code);
}

Status LmdbWriter::insert(LmdbTable table, std::string_view key, std::string_view value) {
  TRY(state_->ready(table));
  MDB_val name = value_of(key), bytes = value_of(value);
  const lmdb::Asking asking(state_->file.path);
  const int code = mdb_put(state_->file.txn, state_->file.tables[table], &name, &bytes, MDB_NOOVERWRITE);
  return code == 0 || code == MDB_KEYEXIST ? Status{} : state_->failed(code);
}

Status LmdbWriter::remove(LmdbTable table, std::string_view key) {
  TRY(state_->ready(table));
  MDB_val name = value_of(key);
  const lmdb::Asking asking(state_->file.path);
  const int code = mdb_del(state_->file.txn, state_->file.tables[table], &name, nullptr);
  return code == 0 || code == MDB_NOTFOUND ? Status{} : state_->failed(code);
}

Status LmdbWriter::commit() {
  TRY(state_->ready());
  return state_->fresh ? state_->publish() : state_->commit_in_place();
}

Status LmdbWriter::roll_back() { return state_->roll_back(); }

Status LmdbWriter::compact() {
  assert(!state_->fresh && state_->file.txn == nullptr);
  return state_->compact();
}

}  // namespace peekr
