// SPDX-License-Identifier: Apache-2.0
// LMDB (lmdb.tech): a directory with one file of B+ trees that is mapped and read in place. The only door to
// the library. Tables are named; keys are at most 511 bytes and never empty, in the order of their bytes.
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

// Reads a file that no one writes in place: no locks, no lock file. May be used from several threads.
class LmdbReader {
 public:
  // Errc::not_found where there is none, damaged when it is no LMDB file, is cut short, or lacks a table.
  static Result<LmdbReader> open(const std::string& directory, std::span<const std::string_view> tables);
  LmdbReader(LmdbReader&&) noexcept;
  LmdbReader& operator=(LmdbReader&&) noexcept;
  ~LmdbReader();

  // Views last as long as the reader.
  [[nodiscard]] Result<std::optional<std::string_view>> get(LmdbTable table, std::string_view key) const;
  // Calls use(key, value) for all keys that start so, in order, until it returns false. Errors of `use` are
  // its own.
  using Use = std::function<bool(std::string_view key, std::string_view value)>;
  [[nodiscard]] Status each(LmdbTable table, std::string_view prefix, const Use& use) const;
  [[nodiscard]] Result<std::uint64_t> size(LmdbTable table) const;  // number of keys
  [[nodiscard]] std::uint64_t file_bytes() const;

 private:
  struct State;
  explicit LmdbReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Writes a new file. Nothing is durable before close(): for a file that is put in its place afterwards.
class LmdbWriter {
 public:
  static Result<LmdbWriter> create(const std::string& directory, std::span<const std::string_view> tables);
  LmdbWriter(LmdbWriter&&) noexcept;
  LmdbWriter& operator=(LmdbWriter&&) noexcept;
  ~LmdbWriter();

  // The view lasts until the next change.
  [[nodiscard]] Result<std::optional<std::string_view>> get(LmdbTable table, std::string_view key) const;
  // As LmdbReader::each; `use` must not write.
  [[nodiscard]] Status each(LmdbTable table, std::string_view prefix, const LmdbReader::Use& use) const;
  Status put(LmdbTable table, std::string_view key, std::string_view value);
  Status remove(LmdbTable table, std::string_view key);  // no such key: fine
  Status commit();                                       // and begin the next transaction
  Status close();                                        // commit, and write it all to the disk

 private:
  struct State;
  explicit LmdbWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekr
