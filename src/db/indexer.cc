// SPDX-License-Identifier: Apache-2.0
#include "db/indexer.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "base/text.h"
#include "db/record.h"
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

// By whom a record is used: those of the id, without that of `source`, and that one.
struct Indexer::Used {
  std::string other, other_modified;     // the best of the others; empty: there is none
  std::optional<std::string> of_source;  // when it was modified

  // Of the two, with that date of the source's own: the later one, of equal ones the first by name. Empty: there is none.
  [[nodiscard]] std::string best(const std::string& source, const std::optional<std::string>& own) const {
    if (!own || (!other.empty() && index::supersedes(other_modified, *own))) return other;
    if (other.empty() || index::supersedes(*own, other_modified)) return source;
    return std::min(source, other);
  }
};

Result<Indexer::Used> Indexer::used(const std::string& source, std::string_view id) const {
  Used found;
  const std::string prefix = tables::prefix({id});
  const auto use = [&](std::string_view key, std::string_view value) {
    const std::string_view of = key.substr(prefix.size());
    if (of == source) {
      found.of_source = value;
    } else if (found.other.empty() || index::supersedes(value, found.other_modified)) {
      found.other = of;
      found.other_modified = value;
    }
    return true;
  };
  TRY(store_.each(tables::kIds, prefix, use));
  return found;
}

Result<std::optional<Advisory>> Indexer::record(const std::string& source, std::string_view id) const {
  if (source.empty()) return std::nullopt;
  const auto bytes = TRY(store_.get(tables::kRecords, tables::key({source, id})));
  if (!bytes)
    return fail(Errc::damaged, "database: no record of " + printable(id) + ", which its index names");
  return TRY(record::decode_advisory(*bytes));
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
  std::string by_name = tables::key({row.name, row.ecosystem});
  if (seen_.contains(by_name)) return {};
  TRY(add_key(tables::kByName, by_name, row.ecosystem));
  TRY(add_key(tables::kEcosystems, tables::key({row.ecosystem}), row.ecosystem));
  if (seen_.size() >= kSeen) seen_.clear();
  seen_.insert(std::move(by_name));
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

// From what led to `old` to what leads to `fresh`; either may be none.
Status Indexer::rows(const Advisory* old, const Advisory* fresh) {
  const std::vector<index::Row> before = old != nullptr ? index::rows(*old) : std::vector<index::Row>(),
                                after = fresh != nullptr ? index::rows(*fresh) : std::vector<index::Row>();
  const auto find = [](const std::vector<index::Row>& all, const std::string& key) -> const index::Row* {
    const auto found = std::ranges::lower_bound(all, key, {}, &index::Row::key);
    return found == all.end() || found->key != key ? nullptr : &*found;
  };
  for (const index::Row& row : after) {
    const index::Row* was = find(before, row.key);
    if (was == nullptr || was->bytes != row.bytes) TRY(add_row(row));
  }
  for (const index::Row& row : before) {
    if (find(after, row.key) == nullptr) TRY(remove_row(row));
  }
  return {};
}

Status Indexer::names(const Advisory* old, const Advisory* fresh) {
  using Names = std::vector<std::string>;
  const Names had = old != nullptr ? index::names(*old) : Names();
  const Names has = fresh != nullptr ? index::names(*fresh) : Names();
  for (const std::string& key : has) {
    if (!std::ranges::binary_search(had, key)) TRY(store_.put(tables::kNames, key, fresh->id));
  }
  for (const std::string& key : had) {
    if (!std::ranges::binary_search(has, key)) TRY(store_.remove(tables::kNames, key));
  }
  return {};
}

Status Indexer::change(const std::string& source, std::string_view id, const Advisory* fresh,
                       std::string_view bytes) {
  const bool first = ids_ && ids_->insert(std::hash<std::string_view>()(id)).second;
  Used of;
  if (!first) of = TRY(used(source, id));
  const std::string was = of.best(source, of.of_source);
  const std::optional<Advisory> old = TRY(record(was, id));
  const std::string by_source = tables::key({source, id}), by_id = tables::key({id, source});
  if (fresh != nullptr) {
    TRY(store_.put(tables::kRecords, by_source, bytes));
    TRY(store_.put(tables::kIds, by_id, fresh->modified));
  } else {
    TRY(store_.remove(tables::kRecords, by_source));
    TRY(store_.remove(tables::kIds, by_id));
  }
  const std::string is = of.best(source, fresh != nullptr ? std::optional(fresh->modified) : std::nullopt);
  if (is == was && was != source) return {};
  std::optional<Advisory> other;
  if (is != source) other = TRY(record(is, id));
  const Advisory* before = old ? &*old : nullptr;
  const Advisory* after = is == source ? fresh : other ? &*other : nullptr;
  TRY(rows(before, after));
  TRY(names(before, after));
  if (before != nullptr) {
    --advisories_;
    if (!before->withdrawn.empty()) --withdrawn_;
  }
  if (after != nullptr) {
    ++advisories_;
    if (!after->withdrawn.empty()) ++withdrawn_;
  }
  return {};
}

}  // namespace peekr
