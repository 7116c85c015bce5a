// SPDX-License-Identifier: Apache-2.0
// LMDB (lmdb.tech): B+ trees in one file, <directory>/data.mdb, that is mapped and read in place. The only
// door to the library. Tables are named; keys are at most 511 bytes and never empty, in the order of their
// bytes.
//
// One process writes, any number read, and nobody waits: a reader sees the file as it was when it was opened,
// for as long as it likes. How that is kept is said in lmdb_file.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

using LmdbTable = std::size_t;  // index into the list of names that the file was opened with
inline constexpr std::size_t kLmdbLongestKey = 511;
// Calls of each(): (key, value) in order, until it returns false. Its errors are its own; it must not write.
using UseLmdb = std::function<bool(std::string_view key, std::string_view value)>;

// One state of the file, and that for good. May be used from several threads. Writes nothing, so a directory
// that is somebody else's or on a read-only medium will do.
class LmdbReader {
 public:
  // Errc::not_found where there is none, damaged when it is no LMDB file, is cut short, or lacks a table.
  static Result<LmdbReader> open(const std::string& directory, std::span<const std::string_view> tables);
  LmdbReader(LmdbReader&&) noexcept;
  LmdbReader& operator=(LmdbReader&&) noexcept;
  ~LmdbReader();

  // Views last as long as the reader.
  [[nodiscard]] Result<std::optional<std::string_view>> get(LmdbTable table, std::string_view key) const;
  // All keys that start so.
  [[nodiscard]] Status each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const;
  // All keys from that one on.
  [[nodiscard]] Status from(LmdbTable table, std::string_view first, const UseLmdb& use) const;
  // Many keys that start so will be asked for: all of them are read ahead, at once, where the first and the last lie no more than
  // so many bytes apart in the file. Else each page that is not in memory is waited for by itself.
  void expect(LmdbTable table, std::string_view prefix, std::uint64_t most) const;
  [[nodiscard]] Result<std::uint64_t> size(LmdbTable table) const;  // number of keys
  [[nodiscard]] std::uint64_t file_bytes() const;
  // A copy without free pages, as the data.mdb of another directory.
  [[nodiscard]] Status copy(const std::string& directory) const;

 private:
  struct State;
  explicit LmdbReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The one writer of a directory, which is made where there is none. What has been put is seen by nobody
// before commit(), and whole then, on the disk; without commit() nothing has happened.
class LmdbWriter {
 public:
  // In place. Where there is no file yet: as fresh().
  static Result<LmdbWriter> open(const std::string& directory, std::span<const std::string_view> tables);
  // A new, empty file beside the old one, whose place it takes at the first commit().
  static Result<LmdbWriter> fresh(const std::string& directory, std::span<const std::string_view> tables);
  LmdbWriter(LmdbWriter&&) noexcept;
  LmdbWriter& operator=(LmdbWriter&&) noexcept;
  ~LmdbWriter();

  // Whether this is a new file that no one sees yet.
  [[nodiscard]] bool is_fresh() const;
  // The view lasts until the next change.
  [[nodiscard]] Result<std::optional<std::string_view>> get(LmdbTable table, std::string_view key) const;
  [[nodiscard]] Status each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const;
  Status put(LmdbTable table, std::string_view key, std::string_view value);
  Status insert(LmdbTable table, std::string_view key,
                std::string_view value);                 // there already: left as it is
  Status remove(LmdbTable table, std::string_view key);  // no such key: fine
  Status commit();
  // Undoes what came after the last commit(), and stays the one writer. After an error it is good for nothing.
  Status roll_back();
  // Rewrites the file without its free pages, as commit() left it.
  Status compact();

 private:
  struct State;
  explicit LmdbWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekr
