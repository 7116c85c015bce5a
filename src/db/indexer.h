// SPDX-License-Identifier: Apache-2.0
// Indexer: puts and removes records, and brings the tables that lead to an advisory from what the records of
// that id were to what they are now. What stays the same there is not touched, so a change costs what has changed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "db/index.h"
#include "db/store.h"
#include "model/advisory.h"

namespace peekr {

// The sources that have a record of that id. Sorted.
[[nodiscard]] Result<std::vector<std::string>> sources_of(const Store& store, std::string_view id);
// These records, by source.
[[nodiscard]] Result<std::vector<Sourced>> sourced(const Store& store, std::string_view id);

class Indexer {
 public:
  explicit Indexer(Store& store) : store_(store) {}

  // Reads and writes how many advisories there are, which it counts.
  Status load();
  Status save();

  // From now on it knows all ids that there are: the store is empty.
  void begin_empty() { ids_.emplace(); }
  // Whether no source has a record of that id, as far as that is known without a look into the store.
  [[nodiscard]] bool is_new(std::string_view id) const {
    return ids_ && !ids_->contains(std::hash<std::string_view>()(id));
  }

  // bytes: the record, encoded.
  Status put(const std::string& source, const Advisory& fresh, std::string_view bytes) {
    return change(source, fresh.id, &fresh, bytes);
  }
  Status put(const std::string& source, const Advisory& fresh, const record::Encoded& encoded);
  Status remove(const std::string& source, std::string_view id) { return change(source, id, nullptr, {}); }

 private:
  using Counting = std::vector<const Advisory*>;  // the records of one id, settled
  [[nodiscard]] Result<bool> any(LmdbTable table, const std::string& prefix) const;
  Status add_row(const index::Row& row);
  Status add_key(LmdbTable table, std::string_view key, std::string_view value);
  Status remove_row(const index::Row& row);
  Status rows(const Counting& before, const Counting& after);
  Status names(const Counting& before, const Counting& after, std::string_view id);
  void count(const Counting& records, std::uint64_t one);
  Status add(const std::string& source, const Advisory& fresh, const record::Encoded& encoded);
  Status change(const std::string& source, std::string_view id, const Advisory* fresh,
                std::string_view bytes);

  Store& store_;
  std::optional<std::unordered_set<std::size_t>> ids_;  // hashes of all ids
  std::unordered_set<std::string> seen_;                // keys of `packages_by_name` that are there
  std::string key_;                                     // that is put; used again and again
  std::uint64_t advisories_ = 0, withdrawn_ = 0;
};

}  // namespace peekr
