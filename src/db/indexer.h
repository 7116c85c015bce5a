// SPDX-License-Identifier: Apache-2.0
// Indexer: puts and removes records, and brings the tables that lead to an advisory from what the used record of
// that id was to what it is now. What stays the same there is not touched, so a change costs what has changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/result.h"
#include "db/index.h"
#include "db/store.h"
#include "model/advisory.h"

namespace peekr {

class Indexer {
 public:
  explicit Indexer(Store& store) : store_(store) {}

  // Reads and writes how many advisories there are, which it counts.
  Status load();
  Status save();

  // bytes: the record, encoded.
  Status put(const std::string& source, const Advisory& fresh, std::string_view bytes) {
    return change(source, fresh.id, &fresh, bytes);
  }
  Status remove(const std::string& source, std::string_view id) { return change(source, id, nullptr, {}); }

 private:
  [[nodiscard]] Result<std::string> used(std::string_view id) const;
  [[nodiscard]] Result<std::optional<Advisory>> record(const std::string& source, std::string_view id) const;
  [[nodiscard]] Result<bool> any(LmdbTable table, const std::string& prefix) const;
  Status add_row(const std::string& key, const index::Row& row);
  Status remove_row(const std::string& key, const index::Row& row);
  Status rows(const Advisory* old, const Advisory* fresh);
  Status names(const Advisory* old, const Advisory* fresh);
  Status change(const std::string& source, std::string_view id, const Advisory* fresh,
                std::string_view bytes);

  Store& store_;
  std::unordered_set<std::string> seen_;  // keys of `packages_by_name` that are there
  std::uint64_t advisories_ = 0, withdrawn_ = 0;
};

}  // namespace peekr
