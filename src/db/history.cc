// SPDX-License-Identifier: Apache-2.0
#include "db/history.h"

#include "base/timer.h"
#include "db/indexer.h"
#include "db/tables.h"
#include "lib/zstd.h"

namespace peekr {
namespace {

constexpr std::size_t kChunk = 4096;  // risks in one row
constexpr std::uint64_t kChunkBytes = std::uint64_t{64} << 20;

// "000012": numbers in the order of their text.
std::string numbered(std::uint64_t number) {
  std::string text = std::to_string(number);
  return std::string(text.size() < 6 ? 6 - text.size() : 0, '0') + text;
}

// What a source was at the time: what the history says of its records, and whether the source was there at all.
struct PastSource {
  std::map<std::string, std::optional<std::string>> records, risks;  // by id, by key of `risks`
  std::optional<std::optional<std::string>> itself;                  // its row of `sources`
  std::string came;  // when it came, which it had not been: what is not in the maps was not there. Or empty
};

// All changes after a time, as what there was before the first of them.
class Undo {
 public:
  Undo(Overlay& store, std::string_view time) : store_(store), time_(time) {}

  Status run() {
    TRY(read());
    TRY(read_risks());
    Indexer indexer(store_);
    TRY(indexer.load());
    for (auto& [name, source] : sources_) {
      if (!source.came.empty()) TRY(add_absent(name, source));
      TRY(records(name, source, indexer));
      for (const auto& [key, bytes] : source.risks) TRY(set(tables::kRisks, key, bytes));
      if (source.itself) TRY(set(tables::kSources, tables::key({name}), *source.itself));
    }
    TRY(indexer.save());
    return built_ ? store_.put(tables::kMeta, tables::kBuiltKey, *built_) : Status{};
  }

 private:
  Status set(LmdbTable table, const std::string& key, const std::optional<std::string>& bytes) {
    return bytes ? store_.put(table, key, *bytes) : store_.remove(table, key);
  }

  // Calls use(key, value) for the rows behind the time, until it is not well.
  template <class F>
  Status walk(LmdbTable table, const F& use) {
    Status status;
    TRY(store_.file()->from(table, time_, [&](std::string_view key, std::string_view value) {
      if (tables::part_of(key, 0) > time_) status = use(key, value);
      return status.has_value();
    }));
    return status;
  }
  Status read() {
    return walk(tables::kHistory, [&](std::string_view key, std::string_view value) -> Status {
      record::Past past = TRY(record::decode_past(value));
      if (past.source.empty()) {
        if (!built_) built_ = std::move(past.bytes);
        return {};
      }
      PastSource& of = sources_[past.source];
      if (!of.came.empty()) return {};
      if (!past.id.empty()) {
        of.records.emplace(past.id, std::move(past.bytes));
      } else {
        if (!past.bytes) of.came = tables::part_of(key, 0);
        if (!of.itself) of.itself = std::move(past.bytes);
      }
      return {};
    });
  }
  Status read_risks() {
    return walk(tables::kRiskHistory, [&](std::string_view key, std::string_view value) -> Status {
      PastSource& of = sources_[std::string(tables::part_of(key, 1))];
      if (!of.came.empty() && tables::part_of(key, 0) >= of.came) return {};
      std::vector<record::PastRisk> risks = TRY(unpacked_risks(value));
      for (record::PastRisk& one : risks) of.risks.emplace(std::move(one.key), std::move(one.bytes));
      return {};
    });
  }

  // Records that came with the source have no rows of their own.
  Status add_absent(const std::string& name, PastSource& source) const {
    Status status;
    TRY(store_.each(tables::kRecords, tables::prefix({name}), [&](std::string_view, std::string_view value) {
      Result<std::string> id = record::decode_id(value);
      if (id) {
        source.records.emplace(*std::move(id), std::nullopt);
      } else {
        status = fail(id.error());
      }
      return status.has_value();
    }));
    TRY(std::move(status));
    return store_.each(tables::kRisks, "", [&](std::string_view key, std::string_view) {
      if (tables::part_of(key, 1) == name) source.risks.emplace(key, std::nullopt);
      return true;
    });
  }
  static Status records(const std::string& name, const PastSource& source, Indexer& indexer) {
    for (const auto& [id, bytes] : source.records) {
      if (bytes) {
        const Advisory old = TRY(record::decode_advisory(*bytes));
        TRY(indexer.put(name, old, *bytes));
      } else {
        TRY(indexer.remove(name, id));
      }
    }
    return {};
  }

  Overlay& store_;
  std::string_view time_;
  std::map<std::string, PastSource> sources_;
  std::optional<std::string> built_;
};

}  // namespace

Status HistoryWriter::record(const record::Past& past) {
  const std::string key = tables::key({now_, past.source, past.id});
  return store_.insert(tables::kHistory, key, record::encode(past));
}

Status HistoryWriter::flush() {
  for (auto& [source, risks] : risks_) {
    std::uint64_t number = 0;  // behind those of an earlier transaction at the same time
    const auto count = [&](std::string_view, std::string_view) { return ++number > 0; };
    TRY(store_.each(tables::kRiskHistory, tables::prefix({now_, source}), count));
    std::vector<record::PastRisk> chunk;
    for (auto& [key, bytes] : risks) {
      chunk.push_back({key, std::move(bytes)});
      if (chunk.size() < kChunk && key != risks.rbegin()->first) continue;
      const std::string packed = TRY(zstd_packed(record::encode(chunk)));
      TRY(store_.put(tables::kRiskHistory, tables::key({now_, source, numbered(number++)}), packed));
      chunk.clear();
    }
  }
  risks_.clear();
  return {};
}

Result<std::vector<record::PastRisk>> unpacked_risks(std::string_view bytes) {
  return record::decode_past_risks(TRY(zstd_unpacked(bytes, kChunkBytes)));
}

Status undo(Overlay& store, std::string_view time) {
  const Timer timer("db/undo");
  return Undo(store, time).run();
}

Result<std::uint64_t> forget(LmdbWriter& store, std::string_view time) {
  std::uint64_t rows = 0;
  for (const LmdbTable table : {tables::kHistory, tables::kRiskHistory}) {
    std::vector<std::string> old;
    TRY(store.each(table, "", [&](std::string_view key, std::string_view) {
      if (tables::part_of(key, 0) > time) return false;
      old.emplace_back(key);
      return true;
    }));
    for (const std::string& key : old) TRY(store.remove(table, key));
    rows += old.size();
  }
  return rows;
}

}  // namespace peekr
