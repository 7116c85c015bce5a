// SPDX-License-Identifier: Apache-2.0
// Writing: sources and what is counted of them, what is kept of what was there, and the transaction. indexer.h has
// what follows from a record.
#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <set>

#include "base/date.h"
#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "db/history.h"
#include "db/index.h"
#include "db/indexer.h"
#include "db/record.h"
#include "db/store.h"
#include "db/tables.h"
#include "lib/lmdb.h"

namespace peekr {
namespace {

constexpr std::size_t kNotes = 100;      // that are kept of a source
constexpr std::uint64_t kKeepDays = 90;  // of history

// What was added and changed in one transaction was added; what was there, vanished and came back has changed.
Changes settled(Changes one) {
  for (std::vector<std::string>* ids : {&one.added, &one.changed, &one.vanished, &one.twice})
    sort_unique(*ids);
  if (one.changed.empty() && one.vanished.empty()) return one;
  std::vector<std::string> back;
  Changes out;
  std::ranges::set_intersection(one.added, one.vanished, std::back_inserter(back));
  std::ranges::set_difference(one.added, back, std::back_inserter(out.added));
  std::ranges::set_difference(one.vanished, back, std::back_inserter(out.vanished));
  std::vector<std::string> changed;
  std::ranges::set_union(one.changed, back, std::back_inserter(changed));
  for (const auto* gone : {&out.added, &out.vanished}) {
    std::vector<std::string> rest;
    std::ranges::set_difference(changed, *gone, std::back_inserter(rest));
    changed = std::move(rest);
  }
  out.changed = std::move(changed);
  out.twice = std::move(one.twice);
  return out;
}

// The file, as who changes it sees it.
class FileStore final : public Store {
 public:
  explicit FileStore(LmdbWriter& file) : file_(file) {}
  [[nodiscard]] Result<std::optional<std::string_view>> get(LmdbTable table,
                                                            std::string_view key) const override {
    return file_.get(table, key);
  }
  [[nodiscard]] Status each(LmdbTable table, std::string_view prefix, const UseLmdb& use) const override {
    return file_.each(table, prefix, use);
  }
  Status put(LmdbTable table, std::string_view key, std::string_view value) override {
    return file_.put(table, key, value);
  }
  Status remove(LmdbTable table, std::string_view key) override { return file_.remove(table, key); }

 private:
  LmdbWriter& file_;
};

}  // namespace

struct DbWriter::Impl {
  std::string directory;
  LmdbWriter store;
  std::string now;  // never before the last commit
  FileStore tables_of{store};
  Indexer indexer{tables_of};
  HistoryWriter history{store, now};
  std::map<std::string, DbSource> sources = {};  // that were asked for
  std::set<std::string> new_sources = {};        // their records have no history before them
  std::set<std::string> dropped = {};            // of `sources`
  Changes changes = {};
  DbSource* last = nullptr;      // of `sources`, that was asked for last
  record::Encoded encoded = {};  // the record that is put

  static Result<std::unique_ptr<Impl>> load(std::string directory, LmdbWriter store, std::string now) {
    const bool fresh = store.is_fresh();
    if (!fresh) {
      const auto format = TRY(store.get(tables::kMeta, tables::kFormatKey));
      if (format.value_or("") != record::kFormat) {
        return fail(Errc::unsupported, directory + ": database: format " + printable(format.value_or("")) +
                                           ", this program writes " + std::string(record::kFormat) + ": " +
                                           std::string(record::kOtherFormat));
      }
      now = std::max(now, std::string(TRY(store.get(tables::kMeta, tables::kBuiltKey)).value_or("")));
    }
    auto impl = std::make_unique<Impl>(std::move(directory), std::move(store), std::move(now));
    if (fresh) {
      impl->indexer.begin_empty();
    } else {
      TRY(within(impl->directory, impl->indexer.load()));
    }
    return impl;
  }

  Result<std::string> meta(std::string_view key) const {
    return std::string(TRY(store.get(tables::kMeta, key)).value_or(""));
  }

  // Keeps what was there, where somebody can have seen it.
  Status remember(const record::Past& past) { return store.is_fresh() ? Status{} : history.record(past); }
  Status remember(const std::string& source, std::string_view id, std::optional<std::string> bytes) {
    if (store.is_fresh() || new_sources.contains(source)) return {};
    return remember({source, std::string(id), std::move(bytes)});
  }
  void remember_risk(const std::string& source, const std::string& key, std::optional<std::string> bytes) {
    if (!store.is_fresh() && !new_sources.contains(source)) history.risk(source, key, std::move(bytes));
  }

  Result<DbSource*> source(const std::string& name) {
    if (last != nullptr && last->name == name) return last;
    dropped.erase(name);
    if (const auto found = sources.find(name); found != sources.end()) return last = &found->second;
    if (name.empty() || !tables::fits(name))
      return fail(Errc::usage, "database: not the name of a source: " + printable(name));
    DbSource one{.name = name};
    std::optional<std::string> old;
    if (const auto bytes = TRY(store.get(tables::kSources, tables::key({name})))) old = *bytes;
    if (old) {
      one = TRY(record::decode_source(*old));
    } else if (!TRY(store.get(tables::kHistory, tables::key({now, name, ""})))) {
      new_sources.insert(name);
    }
    TRY(remember({name, "", std::move(old)}));
    return last = &sources.emplace(name, std::move(one)).first->second;
  }

  Status remove_risk(const std::string& source_name, const std::string& key) {
    const auto there = TRY(store.get(tables::kRisks, key));
    if (!there) return {};
    std::string old(*there);
    DbSource& of = *TRY(source(source_name));
    --of.records;
    changes.vanished.emplace_back(tables::part_of(key, 0));
    remember_risk(source_name, key, std::move(old));
    return store.remove(tables::kRisks, key);
  }
  [[nodiscard]] Result<std::vector<std::string>> risk_keys(std::string_view of) const {
    std::vector<std::string> keys;
    TRY(store.each(tables::kRisks, "", [&](std::string_view key, std::string_view) {
      if (tables::part_of(key, 1) == of) keys.emplace_back(key);
      return true;
    }));
    return keys;
  }

  // The history goes back so many days.
  Result<std::uint64_t> prune(std::int64_t days) {
    const std::string begin = TRY(meta(tables::kHistoryKey)), day = day_after(now, -days);
    if (day.empty() || day <= begin) return 0;
    const std::string time = day + "T00:00:00Z";
    TRY(store.put(tables::kMeta, tables::kHistoryKey, time));
    return forget(store, time);
  }
  Result<std::int64_t> keep() const {
    const std::optional<std::uint64_t> days = to_number(TRY(meta(tables::kKeepKey)));
    return static_cast<std::int64_t>(days.value_or(kKeepDays));
  }

  Status write_sources() {
    for (const auto& [name, one] : sources) {
      const std::string key = tables::key({name});
      const bool gone = dropped.contains(name);
      TRY(gone ? store.remove(tables::kSources, key) : store.put(tables::kSources, key, record::encode(one)));
    }
    last = nullptr;
    sources.clear();
    new_sources.clear();
    dropped.clear();
    return {};
  }
};

DbWriter::DbWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DbWriter::DbWriter(DbWriter&&) noexcept = default;
DbWriter::~DbWriter() = default;

Result<DbWriter> DbWriter::open(const std::string& directory, std::string_view now) {
  LmdbWriter store = TRY(LmdbWriter::open(directory, tables::kAll));
  std::unique_ptr<Impl> impl = TRY(Impl::load(directory, std::move(store), std::string(now)));
  return DbWriter(std::move(impl));
}

Result<DbWriter> DbWriter::fresh(const std::string& directory, std::string_view now) {
  LmdbWriter store = TRY(LmdbWriter::fresh(directory, tables::kAll));
  std::unique_ptr<Impl> impl = TRY(Impl::load(directory, std::move(store), std::string(now)));
  return DbWriter(std::move(impl));
}

Status DbWriter::put(const std::string& source, const Advisory& advisory) {
  if (advisory.id.empty()) return fail(Errc::usage, "database: an advisory of " + source + " has no id");
  Impl& at = *impl_;
  DbSource& of = *TRY(at.source(source));
  const std::string& bytes = at.encoded.bytes;
  record::encode(advisory, at.encoded);
  std::optional<std::string> old;
  if (!at.indexer.is_new(advisory.id)) {
    if (const auto there = TRY(at.store.get(tables::kRecords, tables::key({source, advisory.id})))) {
      if (*there == bytes) return {};
      if (at.store.is_fresh()) at.changes.twice.push_back(advisory.id);
      // Of two in one build, a bulk file and a record beside it, the one that was written later; an update brings what is true now.
      const bool is_older =
          at.store.is_fresh() &&
          index::supersedes(TRY(record::decode_advisory(*there)).modified, advisory.modified);
      if (is_older) return {};
      old = *there;
    }
  }
  if (!old) ++of.records;
  if (index::later(advisory.modified, of.newest)) of.newest = advisory.modified;
  (old ? at.changes.changed : at.changes.added).push_back(advisory.id);
  TRY(at.remember(source, advisory.id, std::move(old)));
  return at.indexer.put(source, advisory, at.encoded);
}

Status DbWriter::put(const std::string& source, const Risk& risk) {
  if (risk.cve.empty() || risk.source.empty())
    return fail(Errc::usage, "database: a risk of " + source + " has no CVE or source");
  Impl& at = *impl_;
  DbSource& of = *TRY(at.source(source));
  const std::string key = tables::key({risk.cve, source, risk.source}), bytes = record::encode(risk);
  std::optional<std::string> old;
  if (const auto there = TRY(at.store.get(tables::kRisks, key))) {
    if (*there == bytes || TRY(record::decode_risk(*there)).date > risk.date) return {};
    old = *there;
  }
  if (!old) ++of.records;
  if (!risk.date.empty()) of.newest = std::max(of.newest, risk.date + "T00:00:00Z");
  (old ? at.changes.changed : at.changes.added).push_back(risk.cve);
  at.remember_risk(source, key, std::move(old));
  return at.store.put(tables::kRisks, key, bytes);
}

Status DbWriter::remove(const std::string& source, std::string_view id) {
  Impl& at = *impl_;
  const auto there = TRY(at.store.get(tables::kRecords, tables::key({source, id})));
  if (!there) return {};
  std::string old(*there);
  DbSource& of = *TRY(at.source(source));
  --of.records;
  at.changes.vanished.emplace_back(id);
  TRY(at.remember(source, id, std::move(old)));
  return at.indexer.remove(source, id);
}

Status DbWriter::remove_risks(const std::string& source,
                              const std::function<bool(std::string_view cve)>& gone) {
  const std::vector<std::string> keys = TRY(impl_->risk_keys(source));
  for (const std::string& key : keys) {
    if (gone(tables::part_of(key, 0))) TRY(impl_->remove_risk(source, key));
  }
  return {};
}

Result<std::vector<std::string>> DbWriter::sources_of(std::string_view id) const {
  return peekr::sources_of(impl_->tables_of, id);
}

Status DbWriter::drop(const std::string& source) {
  TRY(impl_->source(source));
  const std::vector<std::string> all = TRY(ids(source));
  for (const std::string& id : all) TRY(remove(source, id));
  TRY(remove_risks(source, [](std::string_view) { return true; }));
  *TRY(impl_->source(source)) = {.name = source};
  impl_->dropped.insert(source);
  impl_->last = nullptr;
  return {};
}

Result<std::vector<std::string>> DbWriter::ids(const std::string& source) {
  std::vector<std::string> all;
  Status status;
  const auto use = [&](std::string_view, std::string_view value) {
    Result<std::string> id = record::decode_id(value);
    if (id) {
      all.push_back(*std::move(id));
    } else {
      status = fail(id.error());
    }
    return status.has_value();
  };
  TRY(impl_->store.each(tables::kRecords, tables::prefix({source}), use));
  TRY(std::move(status));
  return all;
}

Result<std::map<std::string, std::string>> DbWriter::times(const std::string& source) {
  std::map<std::string, std::string> all;
  Status status;
  const auto use = [&](std::string_view, std::string_view value) {
    const Result<record::Stamp> one = record::decode_stamp(value);
    if (one) {
      all.emplace(one->id, one->modified);
    } else {
      status = fail(one.error());
    }
    return status.has_value();
  };
  TRY(impl_->store.each(tables::kRecords, tables::prefix({source}), use));
  TRY(std::move(status));
  return all;
}

Result<DbSource> DbWriter::source(const std::string& name) {
  if (const auto found = impl_->sources.find(name); found != impl_->sources.end()) return found->second;
  const auto bytes = TRY(impl_->store.get(tables::kSources, tables::key({name})));
  if (!bytes) return DbSource{.name = name};
  return record::decode_source(*bytes);
}

Status DbWriter::set_source(const DbSource& source) {
  DbSource& at = *TRY(impl_->source(source.name));
  const std::uint64_t records = at.records;
  std::string newest = std::move(at.newest);
  at = source;
  at.records = records;
  at.newest = std::move(newest);
  at.left_out = std::max<std::uint64_t>(at.left_out, at.notes.size());
  if (at.notes.size() > kNotes) at.notes.resize(kNotes);
  return {};
}

Result<Changes> DbWriter::commit() {
  const Timer timer("db/commit");
  Impl& at = *impl_;
  TRY(at.write_sources());
  TRY(at.history.flush());
  if (at.store.is_fresh()) {
    const bool restored = !TRY(at.meta(tables::kHistoryKey)).empty();
    if (!restored) TRY(at.store.put(tables::kMeta, tables::kHistoryKey, at.now));
  } else {
    std::string built = TRY(at.meta(tables::kBuiltKey));
    const std::int64_t days = TRY(at.keep());
    TRY(at.remember({"", "", std::move(built)}));
    TRY(at.prune(days));
  }
  TRY(at.store.put(tables::kMeta, tables::kBuiltKey, at.now));
  TRY(at.store.put(tables::kMeta, tables::kFormatKey, record::kFormat));
  TRY(at.indexer.save());
  TRY(at.store.commit());
  return settled(std::exchange(at.changes, {}));
}

Result<std::uint64_t> DbWriter::keep_history(std::uint64_t days) {
  Impl& at = *impl_;
  TRY(at.store.put(tables::kMeta, tables::kKeepKey, std::to_string(days)));
  return at.prune(static_cast<std::int64_t>(days));
}

Status DbWriter::restore(std::size_t table, std::string_view key, std::string_view value) {
  const auto sound = [&]() -> Status {
    if (table == tables::kMeta && (key == tables::kHistoryKey || key == tables::kKeepKey)) return {};
    if (tables::part_of(key, 0).empty() || key.size() > kLmdbLongestKey)
      return fail(Errc::damaged, "database: no key of " + std::string(tables::kAll[table]));
    if (table == tables::kHistory) TRY(record::decode_past(value));
    if (table == tables::kRiskHistory) TRY(unpacked_risks(value));
    return {};
  };
  assert(impl_->store.is_fresh());
  TRY(sound());
  return impl_->store.put(table, key, value);
}

Status DbWriter::roll_back() {
  LmdbWriter store = std::move(impl_->store);
  TRY(store.roll_back());
  impl_ = TRY(Impl::load(std::move(impl_->directory), std::move(store), std::move(impl_->now)));
  return {};
}

Status DbWriter::compact() { return impl_->store.compact(); }

}  // namespace peekr
