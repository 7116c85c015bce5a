// SPDX-License-Identifier: Apache-2.0
// Reading. LMDB checks little of what it maps: a page number beyond the file's end is a SIGBUS. So the header
// is checked here before the library sees it, and the file's size against its last page. Pages inside are
// taken to be as the writer left them: lmdb_damage.h has what is done where they are not.
#include "lib/lmdb.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>

#include "base/cursor.h"
#include "base/fd.h"
#include "lib/lmdb_damage.h"
#include "lib/lmdb_file.h"

namespace peekr {
namespace lmdb {
namespace {

constexpr std::size_t kHeaderBytes = 64;  // page header (16 bytes) and the front of the first meta page
constexpr std::uint32_t kMagic = 0xBEEFC0DE;

MDB_val value_of(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }
std::string_view view_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

}  // namespace

std::string file_in(const std::string& directory) { return directory + "/data.mdb"; }
std::string fresh_file_in(const std::string& directory) { return file_in(directory) + ".new"; }

Error error_of(int code, const std::string& what) {
  const Errc kind = code == ENOENT                                    ? Errc::not_found
                    : code == MDB_MAP_FULL || code == MDB_BAD_VALSIZE ? Errc::limit
                    : code < 0                                        ? Errc::damaged
                                                                      : Errc::io;
  return {kind, what + ": " + mdb_strerror(code)};
}

Status File::open(const std::string& where, unsigned flags, std::size_t map_bytes) {
  path = where;
  expect_damage();
  int code = mdb_env_create(&env);
  if (code == 0) code = mdb_env_set_assert(env, end_as_damaged);
  if (code == 0) code = mdb_env_set_userctx(env, path.data());
  if (code == 0) code = mdb_env_set_maxdbs(env, 32);
  if (code == 0) code = mdb_env_set_mapsize(env, map_bytes);
  if (code == 0) code = mdb_env_open(env, where.c_str(), flags | MDB_NOLOCK | MDB_NOSUBDIR, 0644);
  if (code != 0) return fail(error_of(code, "open " + where));
  return {};
}

Status File::begin(unsigned flags) {
  const int code = mdb_txn_begin(env, nullptr, flags, &txn);
  if (code != 0) return fail(error_of(code, "open " + path));
  return {};
}

Status File::open_tables(std::span<const std::string_view> names, unsigned flags) {
  const Asking asking(path);
  for (const std::string_view name : names) {
    MDB_dbi table = 0;
    const int code = mdb_dbi_open(txn, std::string(name).c_str(), flags, &table);
    if (code != 0)
      return fail(Errc::damaged, path + ": table " + std::string(name) + ": " + mdb_strerror(code));
    tables.push_back(table);
  }
  return {};
}

void File::close() {
  tables.clear();
  if (txn != nullptr) mdb_txn_abort(std::exchange(txn, nullptr));
  if (env != nullptr) mdb_env_close(std::exchange(env, nullptr));
}

int File::fd() const {
  mdb_filehandle_t fd = -1;
  mdb_env_get_fd(env, &fd);
  return fd;
}

std::uint64_t File::page_bytes() const {
  MDB_stat stat{};
  mdb_env_stat(env, &stat);
  return stat.ms_psize;
}

std::uint64_t File::used_bytes() const {
  MDB_envinfo info{};
  mdb_env_info(env, &info);
  return (std::uint64_t{info.me_last_pgno} + 1) * page_bytes();
}

Result<std::uint64_t> File::size_on_disk() const {
  struct stat status{};
  if (::fstat(fd(), &status) != 0) return fail_errno("open " + path);
  return static_cast<std::uint64_t>(status.st_size);
}

// A damaged node may claim more than there is.
bool File::holds(std::string_view value) const { return bytes == 0 || value.size() < bytes; }

Status File::check_size() const {
  const std::uint64_t used = used_bytes(), there = TRY(size_on_disk());
  if (there >= used) return {};
  return fail(Errc::damaged,
              path + ": cut short: " + std::to_string(there) + " bytes of " + std::to_string(used));
}

Result<std::optional<std::string_view>> File::get(LmdbTable table, std::string_view key) const {
  MDB_val name = value_of(key), value{};
  const Asking asking(path);
  const int code = key.empty() ? MDB_NOTFOUND : mdb_get(txn, tables[table], &name, &value);
  if (code == MDB_NOTFOUND) return std::nullopt;
  if (code != 0) return fail(error_of(code, "read " + path));
  if (!holds(view_of(value))) return fail(Errc::damaged, path + ": a value is larger than the file");
  return view_of(value);
}

Status File::each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const {
  return from(table, prefix, [&](std::string_view key, std::string_view value) {
    return key.starts_with(prefix) && use(key, value);
  });
}

Status File::from(LmdbTable table, std::string_view first, const UseLmdb& use) const {
  MDB_cursor* cursor = nullptr;
  int code = mdb_cursor_open(txn, tables[table], &cursor);
  if (code != 0) return fail(error_of(code, "read " + path));
  const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> closer(cursor, mdb_cursor_close);
  MDB_val key = value_of(first), value{};
  const auto step = [&](MDB_cursor_op how) {
    const Asking asking(path);
    return mdb_cursor_get(cursor, &key, &value, how);
  };
  code = step(first.empty() ? MDB_FIRST : MDB_SET_RANGE);
  while (code == 0) {
    if (!holds(view_of(value))) return fail(Errc::damaged, path + ": a value is larger than the file");
    if (!use(view_of(key), view_of(value))) break;
    code = step(MDB_NEXT);
  }
  if (code != 0 && code != MDB_NOTFOUND) return fail(error_of(code, "read " + path));
  return {};
}

void File::expect(LmdbTable table, std::string_view prefix, std::uint64_t most) const {
  MDB_cursor* cursor = nullptr;
  if (prefix.empty() || mdb_cursor_open(txn, tables[table], &cursor) != 0) return;
  const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> closer(cursor, mdb_cursor_close);
  std::string behind(prefix);
  ++behind.back();  // what comes after all keys that start so
  const Asking asking(path);
  MDB_val first = value_of(prefix), last = value_of(behind), value{};
  if (mdb_cursor_get(cursor, &first, &value, MDB_SET_RANGE) != 0) return;
  if (mdb_cursor_get(cursor, &last, &value, MDB_SET_RANGE) != 0 &&
      mdb_cursor_get(cursor, &last, &value, MDB_LAST) != 0)
    return;
  const auto a = std::bit_cast<std::uintptr_t>(first.mv_data),
             b = std::bit_cast<std::uintptr_t>(last.mv_data);
  const std::uintptr_t low = std::min(a, b), high = std::max(a, b);
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t begin = low / page * page;
  if (high - begin > most) return;
  ::madvise(std::bit_cast<void*>(begin), high - begin + 1,
            MADV_WILLNEED);  // a page that is not there: no matter
}

Status File::copy(const std::string& to) const {
  ::unlink(to.c_str());
  int code = mdb_env_copy2(env, to.c_str(), MDB_CP_COMPACT);
  if (code == 0) {
    const Fd written = TRY(Fd::open(to, O_RDWR));
    if (::fchmod(written.get(), 0644) != 0 || ::fsync(written.get()) != 0) code = errno;
  }
  if (code == 0) return {};
  ::unlink(to.c_str());
  return fail(error_of(code, "copy " + path + " to " + to));
}

Status check_header(const std::string& path) {
  const Fd file = TRY(Fd::open(path, O_RDONLY));
  std::array<char, kHeaderBytes> header{};
  const ssize_t got = ::pread(file.get(), header.data(), header.size(), 0);
  if (got < 0) return fail_errno("read " + path);
  Cursor in(std::string_view(header.data(), static_cast<std::size_t>(got)));
  in.skip(16);
  const auto magic = in.le<std::uint32_t>();
  const auto version = in.le<std::uint32_t>();
  in.skip(8 + 8);  // address and size of the map
  const auto page = in.le<std::uint32_t>();
  if (!in.ok() || magic != kMagic) return fail(Errc::damaged, path + ": not an LMDB file");
  if (version != 1) return fail(Errc::unsupported, path + ": LMDB format " + std::to_string(version));
  if (page < 512 || page > 65536 || !std::has_single_bit(page)) {
    return fail(Errc::damaged, path + ": page size " + std::to_string(page));
  }
  return {};
}

namespace {

// Begins a read, and marks its state as one that is being read. False: a writer has been quicker, try again.
Result<bool> begin_marked(File& file) {
  if (mdb_txn_begin(file.env, nullptr, MDB_RDONLY, &file.txn) != 0) return false;  // grown beyond our map
  const std::size_t state = mdb_txn_id(file.txn);
  struct flock lock{
      .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = static_cast<off_t>(state), .l_len = 1};
  // A file system without such locks: reading goes on, and is as safe as updates are rare.
  [[maybe_unused]] const int locked = ::fcntl(file.fd(), F_OFD_SETLK, &lock);
  mdb_txn_reset(file.txn);
  if (mdb_txn_renew(file.txn) != 0) return false;
  return mdb_txn_id(file.txn) == state;
}

}  // namespace
}  // namespace lmdb

struct LmdbReader::State : lmdb::File {};

LmdbReader::LmdbReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
LmdbReader::LmdbReader(LmdbReader&&) noexcept = default;
LmdbReader& LmdbReader::operator=(LmdbReader&&) noexcept = default;
LmdbReader::~LmdbReader() = default;

Result<LmdbReader> LmdbReader::open(const std::string& directory, std::span<const std::string_view> tables) {
  constexpr int kTries = 1000;
  const std::string path = lmdb::file_in(directory);
  for (int i = 0; i < kTries; ++i) {
    TRY(lmdb::check_header(path));
    auto state = std::make_unique<State>();
    // The smallest map: LMDB makes it as large as the file's last page asks for.
    TRY(state->open(path, MDB_RDONLY | MDB_NOTLS | MDB_NORDAHEAD, 1));
    if (!TRY(lmdb::begin_marked(*state))) continue;
    TRY(state->check_size());
    state->bytes = state->used_bytes();
    TRY(state->open_tables(tables, 0));
    return LmdbReader(std::move(state));
  }
  return fail(Errc::io, "open " + path + ": it changes faster than it can be opened");
}

Result<std::optional<std::string_view>> LmdbReader::get(LmdbTable table, std::string_view key) const {
  return state_->get(table, key);
}

Status LmdbReader::each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const {
  return state_->each(table, prefix, use);
}

Status LmdbReader::from(LmdbTable table, std::string_view first, const UseLmdb& use) const {
  return state_->from(table, first, use);
}

void LmdbReader::expect(LmdbTable table, std::string_view prefix, std::uint64_t most) const {
  state_->expect(table, prefix, most);
}

Result<std::uint64_t> LmdbReader::size(LmdbTable table) const {
  MDB_stat stat{};
  const int code = mdb_stat(state_->txn, state_->tables[table], &stat);
  if (code != 0) return fail(lmdb::error_of(code, "read " + state_->path));
  return stat.ms_entries;
}

std::uint64_t LmdbReader::file_bytes() const { return state_->used_bytes(); }

Status LmdbReader::copy(const std::string& directory) const { return state_->copy(lmdb::file_in(directory)); }

}  // namespace peekr
