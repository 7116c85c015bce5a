// SPDX-License-Identifier: Apache-2.0
// What is still to be put into a table of a fresh file. Rows that come in any order are put in the order of their keys: a B+ tree
// that grows at its end alone has full pages, and none of them is moved or split.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace peekr::lmdb {

struct PendingRow {
  std::string_view key, value;
};

class Pending {
 public:
  void add(std::string_view key, std::string_view value);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  // In the order of keys; of equal keys the one that was added last stands last. Views last until the next add() or clear().
  [[nodiscard]] const std::vector<PendingRow>& sorted();
  void clear();

 private:
  std::string_view keep(std::string_view text);
  void sort();

  std::vector<std::string> blocks_;       // never grown beyond what was reserved: views into them stay
  std::vector<PendingRow> rows_, spare_;  // spare: room for the sorted rows
  std::uint64_t bytes_ = 0;
};

}  // namespace peekr::lmdb
