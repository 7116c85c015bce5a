// SPDX-License-Identifier: Apache-2.0
// Writing. Each put or remove changes `records` and `ids`, then brings the tables that lead to the advisory
// from what the winner of that id was to what it is now; what stays the same there is not touched, so that an
// update costs what has changed.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <unordered_set>

#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "db/index.h"
#include "db/record.h"
#include "db/tables.h"
#include "lib/lmdb.h"

namespace peekr {
namespace {

constexpr std::uint64_t kBatch = 20'000;  // records of a fresh database that are held in memory as pages
constexpr std::size_t kSeen = 1 << 18;    // keys that are known to be there already
constexpr std::size_t kNotes = 100;       // that are kept of a source

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  const auto rest = std::ranges::unique(ids);
  ids.erase(rest.begin(), rest.end());
  return ids;
}

// What was added and changed in one transaction was added; what was there, vanished and came back has changed.
Changes settled(const Changes& raw) {
  const Changes one{sorted(raw.added), sorted(raw.changed), sorted(raw.vanished)};
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
  return out;
}

}  // namespace

struct DbWriter::Impl {
  std::string now;
  LmdbWriter store;
  std::map<std::string, DbSource> sources = {};  // that were asked for
  std::set<std::string> new_sources = {};        // their records have no history before them
  std::set<std::string> dropped = {};            // of `sources`
  std::unordered_set<std::string> seen = {};     // keys of `packages_by_name` that are there
  std::uint64_t advisories = 0, withdrawn = 0, pending = 0;
  Changes changes = {};

  Result<std::string> meta(std::string_view key) {
    return std::string(TRY(store.get(tables::kMeta, key)).value_or(""));
  }

  // Reads what commit() has written.
  Status load() {
    if (store.is_fresh()) return {};
    const std::string format = TRY(meta(tables::kFormatKey));
    if (format != record::kFormat) {
      return fail(Errc::unsupported, "database: format " + printable(format) + ", this program writes " +
                                         std::string(record::kFormat) + ": build it again");
    }
    advisories = to_number(TRY(meta(tables::kAdvisoriesKey))).value_or(0);
    withdrawn = to_number(TRY(meta(tables::kWithdrawnKey))).value_or(0);
    now = std::max(now, TRY(meta(tables::kBuiltKey)));
    return {};
  }

  // Keeps what was there, under the time of the change. The first of several changes at a time is the one that
  // counts: it has what was there before that time.
  Status remember(const record::Past& past) {
    if (store.is_fresh()) return {};
    return store.insert(tables::kHistory, tables::key({now, past.source, past.id}), record::encode(past));
  }
  Status remember(const std::string& source, std::string_view id, std::optional<std::string> bytes) {
    if (new_sources.contains(source)) return {};
    return remember({source, std::string(id), std::move(bytes)});
  }

  Result<DbSource*> source(const std::string& name) {
    dropped.erase(name);
    if (const auto found = sources.find(name); found != sources.end()) return &found->second;
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
    return &sources.emplace(name, std::move(one)).first->second;
  }

  // The source whose record of that id is used; empty: there is none.
  Result<std::string> winner(std::string_view id) {
    std::string best, modified;
    const std::string prefix = tables::prefix({id});
    const auto use = [&](std::string_view key, std::string_view value) {
      if (best.empty() || index::supersedes(value, modified)) {
        best = key.substr(prefix.size());
        modified = value;
      }
      return true;
    };
    TRY(store.each(tables::kIds, prefix, use));
    return best;
  }

  Result<std::optional<Advisory>> record_of(const std::string& source, std::string_view id) {
    if (source.empty()) return std::nullopt;
    const auto bytes = TRY(store.get(tables::kRecords, tables::key({source, id})));
    if (!bytes)
      return fail(Errc::damaged, "database: no record of " + printable(id) + ", which its index names");
    return TRY(record::decode_advisory(*bytes));
  }

  Result<bool> any(LmdbTable table, const std::string& prefix) {
    bool found = false;
    TRY(store.each(table, prefix, [&](std::string_view, std::string_view) {
      found = true;
      return false;
    }));
    return found;
  }

  Status add_row(const std::string& key, const index::Row& row) {
    TRY(store.put(tables::kPackages, key, row.bytes));
    std::string by_name = tables::key({row.name, row.ecosystem});
    if (seen.contains(by_name)) return {};
    TRY(store.insert(tables::kByName, by_name, row.ecosystem));
    TRY(store.insert(tables::kEcosystems, tables::key({row.ecosystem}), row.ecosystem));
    if (seen.size() >= kSeen) seen.clear();
    seen.insert(std::move(by_name));
    return {};
  }
  Status remove_row(const std::string& key, const index::Row& row) {
    TRY(store.remove(tables::kPackages, key));
    const bool named = TRY(any(tables::kPackages, tables::prefix({row.ecosystem, row.name})));
    if (named) return {};
    const std::string by_name = tables::key({row.name, row.ecosystem});
    TRY(store.remove(tables::kByName, by_name));
    seen.erase(by_name);
    const bool known = TRY(any(tables::kPackages, tables::prefix({row.ecosystem})));
    if (known) return {};
    return store.remove(tables::kEcosystems, tables::key({row.ecosystem}));
  }

  // From what led to `old` to what leads to `fresh`; either may be none.
  Status reindex(const Advisory* old, const Advisory* fresh) {
    using Rows = std::map<std::string, index::Row>;
    const Rows before = old != nullptr ? index::rows(*old) : Rows();
    const Rows after = fresh != nullptr ? index::rows(*fresh) : Rows();
    for (const auto& [key, row] : after) {
      const auto was = before.find(key);
      if (was == before.end() || was->second.bytes != row.bytes) TRY(add_row(key, row));
    }
    for (const auto& [key, row] : before) {
      if (!after.contains(key)) TRY(remove_row(key, row));
    }
    using Names = std::set<std::string>;
    const Names had = old != nullptr ? index::names(*old) : Names();
    const Names has = fresh != nullptr ? index::names(*fresh) : Names();
    for (const std::string& key : has) {
      if (!had.contains(key)) TRY(store.put(tables::kNames, key, fresh->id));
    }
    for (const std::string& key : had) {
      if (!has.contains(key)) TRY(store.remove(tables::kNames, key));
    }
    if (old != nullptr) {
      --advisories;
      if (!old->withdrawn.empty()) --withdrawn;
    }
    if (fresh != nullptr) {
      ++advisories;
      if (!fresh->withdrawn.empty()) ++withdrawn;
    }
    return {};
  }

  // Puts the record, or removes it where there is none.
  Status change(const std::string& source, std::string_view id, const Advisory* fresh,
                std::string_view bytes) {
    const std::string was = TRY(winner(id));
    const std::optional<Advisory> old = TRY(record_of(was, id));
    const std::string record = tables::key({source, id}), by_id = tables::key({id, source});
    if (fresh != nullptr) {
      TRY(store.put(tables::kRecords, record, bytes));
      TRY(store.put(tables::kIds, by_id, fresh->modified));
    } else {
      TRY(store.remove(tables::kRecords, record));
      TRY(store.remove(tables::kIds, by_id));
    }
    const std::string is = TRY(winner(id));
    if (is == was && was != source) return {};
    std::optional<Advisory> other;
    if (is != source) other = TRY(record_of(is, id));
    const Advisory* now_used = is == source ? fresh : other ? &*other : nullptr;
    TRY(reindex(old ? &*old : nullptr, now_used));
    return done_one();
  }
  Status done_one() { return store.is_fresh() && ++pending % kBatch == 0 ? store.flush() : Status{}; }
};

DbWriter::DbWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DbWriter::DbWriter(DbWriter&&) noexcept = default;
DbWriter::~DbWriter() = default;

Result<DbWriter> DbWriter::open(const std::string& directory, std::string_view now) {
  LmdbWriter store = TRY(LmdbWriter::open(directory, tables::kAll));
  auto impl = std::make_unique<Impl>(Impl{std::string(now), std::move(store)});
  TRY(within(directory, impl->load()));
  return DbWriter(std::move(impl));
}

Result<DbWriter> DbWriter::fresh(const std::string& directory, std::string_view now) {
  LmdbWriter store = TRY(LmdbWriter::fresh(directory, tables::kAll));
  return DbWriter(std::make_unique<Impl>(Impl{std::string(now), std::move(store)}));
}

Status DbWriter::put(const std::string& source, const Advisory& advisory) {
  if (advisory.id.empty()) return fail(Errc::usage, "database: an advisory of " + source + " has no id");
  Impl& at = *impl_;
  DbSource& of = *TRY(at.source(source));
  const std::string bytes = record::encode(advisory);
  std::optional<std::string> old;
  if (const auto there = TRY(at.store.get(tables::kRecords, tables::key({source, advisory.id})))) {
    if (*there == bytes) return {};
    old = *there;
  }
  if (!old) ++of.records;
  if (index::later(advisory.modified, of.newest)) of.newest = advisory.modified;
  (old ? at.changes.changed : at.changes.added).push_back(advisory.id);
  TRY(at.remember(source, advisory.id, std::move(old)));
  return at.change(source, advisory.id, &advisory, bytes);
}

Status DbWriter::put(const std::string& source, const Risk& risk) {
  if (risk.cve.empty() || risk.source.empty())
    return fail(Errc::usage, "database: a risk of " + source + " has no CVE or source");
  Impl& at = *impl_;
  DbSource& of = *TRY(at.source(source));
  const std::string key = tables::key({risk.cve, risk.source});
  if (const std::optional<std::string_view> bytes = TRY(at.store.get(tables::kRisks, key))) {
    const Risk old = TRY(record::decode_risk(*bytes));
    if (risk.date <= old.date) return {};
  } else {
    ++of.records;
  }
  if (!risk.date.empty()) of.newest = std::max(of.newest, risk.date + "T00:00:00Z");
  TRY(at.store.put(tables::kRisks, key, record::encode(risk)));
  return at.done_one();
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
  return at.change(source, id, nullptr, {});
}

Status DbWriter::drop(const std::string& source) {
  TRY(impl_->source(source));
  const std::vector<std::string> all = TRY(ids(source));
  for (const std::string& id : all) TRY(remove(source, id));
  *TRY(impl_->source(source)) = {.name = source};
  impl_->dropped.insert(source);
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
  const auto set = [&](std::string_view key, std::string_view value) {
    return at.store.put(tables::kMeta, key, value);
  };
  for (const auto& [name, source] : at.sources) {
    const std::string key = tables::key({name});
    const bool gone = at.dropped.contains(name);
    TRY(gone ? at.store.remove(tables::kSources, key)
             : at.store.put(tables::kSources, key, record::encode(source)));
  }
  if (at.store.is_fresh()) {
    TRY(set(tables::kHistoryKey, at.now));
  } else {
    std::string built = TRY(at.meta(tables::kBuiltKey));
    TRY(at.remember({"", "", std::move(built)}));
  }
  TRY(set(tables::kBuiltKey, at.now));
  TRY(set(tables::kAdvisoriesKey, std::to_string(at.advisories)));
  TRY(set(tables::kWithdrawnKey, std::to_string(at.withdrawn)));
  TRY(set(tables::kFormatKey, record::kFormat));
  TRY(at.store.commit());
  at.sources.clear();
  at.new_sources.clear();
  at.dropped.clear();
  return settled(std::exchange(at.changes, {}));
}

}  // namespace peekr
