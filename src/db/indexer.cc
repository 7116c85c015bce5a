// SPDX-License-Identifier: Apache-2.0
#include "db/indexer.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "base/text.h"
#include "db/tables.h"

namespace peekr {
namespace {

constexpr std::size_t kSeen = 1 << 18;

}  // namespace

Status Indexer::load() {
  const auto number = [&](std::string_view key) -> Result<std::uint64_t> {
    return to_number(TRY(store_.get(tables::kMeta, key)).value_or("")).value_or(0);
  };
  advisories_ = TRY(number(tables::kAdvisoriesKey));
  withdrawn_ = TRY(number(tables::kWithdrawnKey));
  return {};
}

Status Indexer::save() {
  TRY(store_.put(tables::kMeta, tables::kAdvisoriesKey, std::to_string(advisories_)));
  return store_.put(tables::kMeta, tables::kWithdrawnKey, std::to_string(withdrawn_));
}

Result<std::vector<std::string>> sources_of(const Store& store, std::string_view id) {
  std::vector<std::string> sources;
  const std::string prefix = tables::prefix({id});
  TRY(store.each(tables::kIds, prefix, [&](std::string_view key, std::string_view) {
    sources.emplace_back(key.substr(prefix.size()));
    return true;
  }));
  return sources;
}

Result<std::vector<Sourced>> sourced(const Store& store, std::string_view id) {
  std::vector<std::string> sources = TRY(sources_of(store, id));
  std::vector<Sourced> all;
  all.reserve(sources.size());
  for (std::string& source : sources) {
    const auto bytes = TRY(store.get(tables::kRecords, tables::key({source, id})));
    if (!bytes) return fail(Errc::damaged, "no record of " + printable(id) + ", which its index names");
    Sourced& one = all.emplace_back();
    one.source = std::move(source);
    TRY(record::decode(*bytes, one.advisory));
  }
  return all;
}

Result<bool> Indexer::any(LmdbTable table, const std::string& prefix) const {
  bool found = false;
  TRY(store_.each(table, prefix, [&](std::string_view, std::string_view) {
    found = true;
    return false;
  }));
  return found;
}

Status Indexer::add_row(const index::Row& row) {
  TRY(store_.put(tables::kPackages, row.key, row.bytes));
  tables::write_key({row.name, row.ecosystem}, key_);
  if (seen_.contains(key_)) return {};
  TRY(add_key(tables::kByName, key_, row.ecosystem));
  TRY(add_key(tables::kEcosystems, tables::key({row.ecosystem}), row.ecosystem));
  if (seen_.size() >= kSeen) seen_.clear();
  seen_.insert(key_);
  return {};
}

// Of a table whose values follow from the keys. Where all ids are known it is a new file, in which a look costs more than a row
// that was there.
Status Indexer::add_key(LmdbTable table, std::string_view key, std::string_view value) {
  if (!ids_ && TRY(store_.get(table, key))) return {};
  return store_.put(table, key, value);
}

Status Indexer::remove_row(const index::Row& row) {
  TRY(store_.remove(tables::kPackages, row.key));
  const bool named = TRY(any(tables::kPackages, tables::prefix({row.ecosystem, row.name})));
  if (named) return {};
  const std::string by_name = tables::key({row.name, row.ecosystem});
  TRY(store_.remove(tables::kByName, by_name));
  seen_.erase(by_name);
  const bool known = TRY(any(tables::kPackages, tables::prefix({row.ecosystem})));
  if (known) return {};
  return store_.remove(tables::kEcosystems, tables::key({row.ecosystem}));
}

// From what led to `before` to what leads to `after`.
Status Indexer::rows(const Counting& before, const Counting& after) {
  const auto of = [](const Counting& records) {
    std::vector<index::Row> all;
    for (const Advisory* one : records) {
      std::vector<index::Row> rows = index::rows(*one);
      std::ranges::move(rows, std::back_inserter(all));
    }
    if (records.size() > 1) std::ranges::sort(all, {}, &index::Row::key);
    return all;
  };
  const std::vector<index::Row> was = of(before), is = of(after);
  const auto find = [](const std::vector<index::Row>& all, const std::string& key) -> const index::Row* {
    const auto found = std::ranges::lower_bound(all, key, {}, &index::Row::key);
    return found == all.end() || found->key != key ? nullptr : &*found;
  };
  for (const index::Row& row : is) {
    const index::Row* there = find(was, row.key);
    if (there == nullptr || there->bytes != row.bytes) TRY(add_row(row));
  }
  for (const index::Row& row : was) {
    if (find(is, row.key) == nullptr) TRY(remove_row(row));
  }
  return {};
}

Status Indexer::names(const Counting& before, const Counting& after, std::string_view id) {
  const auto of = [](const Counting& records) {
    std::vector<std::string> all;
    for (const Advisory* one : records) {
      std::vector<std::string> names = index::names(*one);
      std::ranges::move(names, std::back_inserter(all));
    }
    if (records.size() > 1) sort_unique(all);
    return all;
  };
  const std::vector<std::string> had = of(before), has = of(after);
  for (const std::string& key : has) {
    if (!std::ranges::binary_search(had, key)) TRY(store_.put(tables::kNames, key, id));
  }
  for (const std::string& key : had) {
    if (!std::ranges::binary_search(has, key)) TRY(store_.remove(tables::kNames, key));
  }
  return {};
}

void Indexer::count(const Counting& records, std::uint64_t one) {
  if (records.empty()) return;
  advisories_ += one;
  if (!records.front()->withdrawn.empty()) withdrawn_ += one;
}

// The record of an id that none has: nothing led to it before.
Status Indexer::add(const std::string& source, const Advisory& fresh, const record::Encoded& encoded) {
  tables::write_key({source, fresh.id}, key_);
  TRY(store_.put(tables::kRecords, key_, encoded.bytes));
  tables::write_key({fresh.id, source}, key_);
  TRY(store_.put(tables::kIds, key_, fresh.modified));
  TRY(index::each_row(fresh, encoded, [&](const index::Row& row) { return add_row(row); }));
  TRY(index::each_name(fresh,
                       [&](std::string_view key) { return store_.put(tables::kNames, key, fresh.id); }));
  count({&fresh}, 1);
  return {};
}

Status Indexer::put(const std::string& source, const Advisory& fresh, const record::Encoded& encoded) {
  const bool first = ids_ && ids_->insert(std::hash<std::string_view>()(fresh.id)).second;
  return first ? add(source, fresh, encoded) : change(source, fresh.id, &fresh, encoded.bytes);
}

Status Indexer::change(const std::string& source, std::string_view id, const Advisory* fresh,
                       std::string_view bytes) {
  std::vector<Sourced> before = TRY(within("database", sourced(store_, id))), after;
  std::ranges::copy_if(before, std::back_inserter(after),
                       [&](const Sourced& one) { return one.source != source; });
  const bool alone = after.empty();
  if (!alone && fresh != nullptr) after.push_back({source, *fresh});
  index::settle(before);
  index::settle(after);
  const std::string by_source = tables::key({source, id}), by_id = tables::key({id, source});
  if (fresh != nullptr) {
    TRY(store_.put(tables::kRecords, by_source, bytes));
    TRY(store_.put(tables::kIds, by_id, fresh->modified));
  } else {
    TRY(store_.remove(tables::kRecords, by_source));
    TRY(store_.remove(tables::kIds, by_id));
  }
  const auto pointers = [](const std::vector<Sourced>& records) {
    Counting out;
    for (const Sourced& one : records) out.push_back(&one.advisory);
    return out;
  };
  const Counting was = pointers(before);
  const Counting is = alone && fresh != nullptr ? Counting{fresh} : pointers(after);
  TRY(rows(was, is));
  TRY(names(was, is, id));
  count(was, ~std::uint64_t{0});  // one less
  count(is, 1);
  return {};
}

}  // namespace peekr
