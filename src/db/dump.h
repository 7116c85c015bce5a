// SPDX-License-Identifier: Apache-2.0
// A database as a stream of bytes, and back: the rows that the others follow from. A row is the number of its table,
// its key and its value; docs/db-format.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "db/db.h"

namespace peekr {

// Hands over the stream in pieces of some MB.
Status dump(const Db& db, const std::function<Status(std::string_view)>& use);

// Puts what is in a stream into a fresh database. Of bytes that dump() has not written: Errc::damaged.
class Restore {
 public:
  explicit Restore(DbWriter& writer) : writer_(writer) {}

  Status take(std::string_view piece);  // however it is cut
  Status finish();                      // the stream must have ended here
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  Result<std::size_t> row(std::string_view bytes);
  Status put(std::size_t table, std::string_view key, std::string_view value);

  DbWriter& writer_;
  std::string rest_;  // of a row that is not there whole
  std::uint64_t rows_ = 0;
  bool ended_ = false;
};

}  // namespace peekr
