// SPDX-License-Identifier: Apache-2.0
// What LmdbReader and LmdbWriter share: an open file and its one transaction. Only lmdb*.cc include this.
//
// LMDB's own lock file is not used: readers would have to write to it, and it knows them by process number,
// which two containers may share. Instead
//   * a reader of state N (LMDB's transaction number) holds a shared lock (fcntl, open file description) on byte N of
//     data.mdb; such locks need no right to write and end with the process, however it ends;
//   * LMDB's transaction T reuses pages that were freed by T-2 or before, which states up to T-3 may be
//     reading. Before a writer begins T it asks for locks on these bytes; if there is one, it goes on in a
//     copy, which takes the name data.mdb. The old file lives as long as its readers;
//   * writers exclude each other by a lock on the file "lock", which holds the process number for people.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lib/lmdb.h"

struct MDB_env;
struct MDB_txn;

namespace peekr::lmdb {

[[nodiscard]] std::string file_in(const std::string& directory);        // data.mdb
[[nodiscard]] std::string fresh_file_in(const std::string& directory);  // data.mdb.new
// damaged when the file's first page is not LMDB's.
[[nodiscard]] Status check_header(const std::string& path);
[[nodiscard]] Error error_of(int code, const std::string& what);

struct File {
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  std::string path;
  std::vector<unsigned> tables;  // MDB_dbi
  std::uint64_t bytes = 0;       // of a reader: how many the file has

  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(); }

  Status open(const std::string& where, unsigned flags, std::size_t map_bytes);
  Status begin(unsigned flags);
  Status open_tables(std::span<const std::string_view> names, unsigned flags);
  void close();

  [[nodiscard]] int fd() const;
  [[nodiscard]] std::uint64_t used_bytes() const;  // up to the end of the last page
  [[nodiscard]] std::uint64_t page_bytes() const;
  [[nodiscard]] Result<std::uint64_t> size_on_disk() const;
  [[nodiscard]] Status check_size() const;  // damaged where the file ends before its last page

  [[nodiscard]] Result<std::optional<std::string_view>> get(LmdbTable table, std::string_view key) const;
  [[nodiscard]] Status each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const;
  [[nodiscard]] Status from(LmdbTable table, std::string_view first, const UseLmdb& use) const;
  void expect(LmdbTable table, std::string_view prefix, std::uint64_t most) const;
  [[nodiscard]] Status copy(const std::string& to) const;  // compacted, on the disk

 private:
  [[nodiscard]] bool holds(std::string_view value) const;
};

}  // namespace peekr::lmdb
