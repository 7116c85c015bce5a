// SPDX-License-Identifier: Apache-2.0
#include "db/overlay.h"

namespace peekr {

Result<std::optional<std::string_view>> Overlay::get(LmdbTable table, std::string_view key) const {
  const Layer& layer = layers_[table];
  if (layer.empty()) return file_->get(table, key);
  const auto found = layer.find(key);
  if (found == layer.end()) return file_->get(table, key);
  if (!found->second) return std::nullopt;
  return std::string_view(*found->second);
}

// Both are in the order of their keys: a merge.
Status Overlay::each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const {
  const Layer& layer = layers_[table];
  auto mine = layer.lower_bound(prefix);
  const auto within_prefix = [&] { return mine != layer.end() && mine->first.starts_with(prefix); };
  if (!within_prefix()) return file_->each(table, prefix, use);
  bool more = true;
  const auto use_mine = [&] {
    if (mine->second) more = use(mine->first, *mine->second);
    ++mine;
  };
  const auto merged = [&](std::string_view key, std::string_view value) {
    while (more && within_prefix() && mine->first < key) use_mine();
    if (!more) return false;
    const bool over = within_prefix() && mine->first == key;
    if (over) {
      use_mine();
    } else {
      more = use(key, value);
    }
    return more;
  };
  TRY(file_->each(table, prefix, merged));
  while (more && within_prefix()) use_mine();
  return {};
}

Status Overlay::put(LmdbTable table, std::string_view key, std::string_view value) {
  layers_[table].insert_or_assign(std::string(key), std::string(value));
  return {};
}

Status Overlay::remove(LmdbTable table, std::string_view key) {
  layers_[table].insert_or_assign(std::string(key), std::nullopt);
  return {};
}

Result<std::uint64_t> Overlay::size(LmdbTable table) const {
  std::uint64_t size = TRY(file_->size(table));
  for (const auto& [key, value] : layers_[table]) {
    const bool was = TRY(file_->get(table, key)).has_value();
    if (value && !was) ++size;
    if (!value && was) --size;
  }
  return size;
}

}  // namespace peekr
