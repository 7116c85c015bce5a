// SPDX-License-Identifier: Apache-2.0
// Store: the tables, to whoever changes them: a file that is written, or changes in memory over one that is read
// (overlay.h). Whatever follows from a record is the same in both.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "lib/lmdb.h"

namespace peekr {

class Store {
 public:
  virtual ~Store() = default;
  // The view lasts until the next change.
  [[nodiscard]] virtual Result<std::optional<std::string_view>> get(LmdbTable table,
                                                                    std::string_view key) const = 0;
  // All keys that start so, in their order; `use` must not write.
  [[nodiscard]] virtual Status each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const = 0;
  virtual Status put(LmdbTable table, std::string_view key, std::string_view value) = 0;
  virtual Status remove(LmdbTable table, std::string_view key) = 0;  // no such key: fine
};

}  // namespace peekr
