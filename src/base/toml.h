// SPDX-License-Identifier: Apache-2.0
// TOML (toml.io) of tables, one after the other, of plain values: lock files, and what users write for other programs.
//
//   [[package]]                 a table; two brackets: one of a list
//   name = "serde"              a text, also in '..' and in three of either
//   files = [                   anything else is kept as it stands, over lines
//     {file = "x.whl"},
//   ]
//
// It is read forwards, without a tree. Dotted keys stay as they are written; so do quoted ones that
// need their quotes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace peekr {

struct TomlTable {
  std::string_view name;  // "package"; empty for what stands in front of the first table
  std::vector<std::pair<std::string_view, std::string_view>> fields;  // values as they stand

  // The value of that key, a text without its quotes and escapes; empty where there is none.
  [[nodiscard]] std::string text(std::string_view key) const;
  // The texts of a list; those in maps of it as well.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
  [[nodiscard]] std::string_view raw(std::string_view key) const;
  // False where there is none; anything but true and false is an error that names the key.
  [[nodiscard]] Result<bool> flag(std::string_view key) const;
};

class TomlReader {
 public:
  explicit TomlReader(std::string_view bytes) : all_(bytes), rest_(bytes) {}
  // The next table over the last one; false at the end.
  bool next(TomlTable& table);
  // Lines that are neither table nor value, a value that does not end or is followed by another, a key that was there; 0: all is well. What follows a damaged head of a table
  // belongs to none: its name is empty.
  [[nodiscard]] std::size_t bad_lines() const { return bad_; }
  [[nodiscard]] std::size_t first_bad_line() const { return first_bad_; }  // from 1

 private:
  std::optional<std::string_view> value();
  void bad(std::string_view from);  // from there on, as rest_ was

  std::string_view all_, rest_;
  std::size_t bad_ = 0, first_bad_ = 0;
  bool started_ = false;
};

}  // namespace peekr
