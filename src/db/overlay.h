// SPDX-License-Identifier: Apache-2.0
// Overlay: a file that is read, with changes over it that are in memory only. Without changes it costs nothing.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "db/store.h"
#include "db/tables.h"

namespace peekr {

class Overlay final : public Store {
 public:
  // What lies over a table: a value, or none where the key is no longer there.
  using Layer = std::map<std::string, std::optional<std::string>, std::less<>>;

  explicit Overlay(std::shared_ptr<const LmdbReader> file) : file_(std::move(file)) {}

  // Views last as long as there is no change.
  [[nodiscard]] Result<std::optional<std::string_view>> get(LmdbTable table,
                                                            std::string_view key) const override;
  [[nodiscard]] Status each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const override;
  Status put(LmdbTable table, std::string_view key, std::string_view value) override;
  Status remove(LmdbTable table, std::string_view key) override;

  [[nodiscard]] Result<std::uint64_t> size(LmdbTable table) const;  // number of keys
  [[nodiscard]] const Layer& changes(LmdbTable table) const { return layers_[table]; }
  [[nodiscard]] const std::shared_ptr<const LmdbReader>& file() const { return file_; }

 private:
  std::shared_ptr<const LmdbReader> file_;
  std::array<Layer, tables::kAll.size()> layers_;
};

}  // namespace peekr
