// SPDX-License-Identifier: Apache-2.0
// What leads to an advisory follows from the records alone. So each row that should be there is asked for, and counted; as
// many rows as there are keys means that there is no other.
#include "db/verify.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <set>
#include <string_view>

#include "base/text.h"
#include "db/db.h"
#include "db/history.h"
#include "db/index.h"
#include "db/indexer.h"
#include "db/overlay.h"
#include "db/record.h"
#include "db/tables.h"
#include "lib/lmdb.h"

namespace peekr {
namespace {

constexpr std::size_t kFaults = 20;

class Check {
 public:
  explicit Check(const Overlay& store) : store_(store) {}

  Result<Verified> run() {
    TRY(sources());
    TRY(records());
    TRY(ids());
    TRY(by_name());
    TRY(risks());
    TRY(history());
    TRY(totals());
    return std::move(found_);
  }

 private:
  void fault(std::string_view where, std::string_view key, std::string_view why) {
    ++found_.faults;
    if (found_.first.size() >= kFaults) return;
    std::string parts(key);
    for (char& c : parts) c = c == '\0' ? ' ' : c;
    found_.first.push_back(std::string(where) + ": " + printable(parts) + ": " + std::string(why));
  }
  template <class F>
  Status walk(LmdbTable table, const F& use) {
    return store_.each(table, "", [&](std::string_view key, std::string_view value) {
      use(key, value);
      return true;
    });
  }
  // Whether that key is there with that value.
  bool has(LmdbTable table, std::string_view key, std::string_view value) const {
    const Result<std::optional<std::string_view>> there = store_.get(table, key);
    return there && *there && **there == value;
  }

  Status sources() {
    return walk(tables::kSources, [&](std::string_view key, std::string_view value) {
      const Result<DbSource> one = record::decode_source(value);
      if (!one) return fault("sources", key, one.error().message);
      if (tables::key({one->name}) != key) fault("sources", key, "is the record of " + one->name);
      claimed_[one->name] = one->records;
    });
  }
  Status records() {
    return walk(tables::kRecords, [&](std::string_view key, std::string_view value) {
      const Result<Advisory> one = record::decode_advisory(value);
      const std::string source(key.substr(0, key.find('\0')));
      if (!one) return fault("records", key, one.error().message);
      ++found_.records;
      ++counted_[source];
      if (tables::key({source, one->id}) != key) fault("records", key, "is the record of " + one->id);
      if (!has(tables::kIds, tables::key({one->id, source}), one->modified))
        fault("ids", key, "does not lead to this record");
    });
  }

  // What counts of the records of an id leads to its rows and names. id: as it stands in keys.
  void counting(std::string_view id) {
    Result<std::vector<Sourced>> records = sourced(store_, id);
    if (!records) return;  // said already
    index::settle(*records);
    ++advisories_;
    if (!records->front().advisory.withdrawn.empty()) ++withdrawn_;
    std::set<std::string> names;
    for (const auto& [source, one] : *records) {
      for (const index::Row& row : index::rows(one)) {
        ++rows_;
        if (!has(tables::kPackages, row.key, row.bytes)) fault("packages", row.key, "is missing or differs");
      }
      for (std::string& key : index::names(one)) {
        if (!has(tables::kNames, key, one.id)) fault("names", key, "is missing or differs");
        names.insert(std::move(key));
      }
    }
    names_ += names.size();
  }
  Status ids() {
    std::string id;
    return walk(tables::kIds, [&](std::string_view key, std::string_view) {
      const std::size_t nul = key.find('\0');
      if (nul == std::string_view::npos) return fault("ids", key, "names no source");
      // A part that is a hash stays as it is.
      const auto bytes = store_.get(tables::kRecords, tables::key({key.substr(nul + 1), key.substr(0, nul)}));
      if (!bytes || !*bytes) fault("ids", key, "has no record");
      if (key.substr(0, nul) != id) counting(key.substr(0, nul));
      id = key.substr(0, nul);
    });
  }
  Status by_name() {
    std::uint64_t names = 0, ecosystems = 0;
    std::string last_package, last_ecosystem;
    TRY(walk(tables::kPackages, [&](std::string_view key, std::string_view value) {
      record::Row row;
      if (const Status decoded = record::decode_row(value, row); !decoded || row.affected.empty())
        return fault("packages", key, "is damaged");
      ++found_.rows;
      const Affected& one = row.affected.front();
      const std::string name = normalised_name(one.ecosystem, one.package);
      const std::string package = tables::key({one.ecosystem, name});
      if (package != last_package) {
        ++names;
        if (!has(tables::kByName, tables::key({name, one.ecosystem}), one.ecosystem))
          fault("packages_by_name", package, "is missing");
      }
      if (one.ecosystem != last_ecosystem) {
        ++ecosystems;
        if (!has(tables::kEcosystems, tables::key({one.ecosystem}), one.ecosystem))
          fault("ecosystems", one.ecosystem, "is missing");
      }
      last_package = package;
      last_ecosystem = one.ecosystem;
    }));
    TRY(count(tables::kByName, names));
    return count(tables::kEcosystems, ecosystems);
  }
  Status risks() {
    return walk(tables::kRisks, [&](std::string_view key, std::string_view value) {
      const Result<Risk> one = record::decode_risk(value);
      if (!one) return fault("risks", key, one.error().message);
      ++found_.risks;
      const std::string source(tables::part_of(key, 1));
      ++counted_[source];
      if (tables::key({one->cve, source, one->source}) != key)
        fault("risks", key, "is the record of " + one->cve);
    });
  }
  Status history() {
    TRY(walk(tables::kRiskHistory, [&](std::string_view key, std::string_view value) {
      const Result<std::vector<record::PastRisk>> risks = unpacked_risks(value);
      if (!risks) return fault("risk_history", key, risks.error().message);
      found_.past += risks->size();
      for (const record::PastRisk& one : *risks) {
        if (one.bytes && !record::decode_risk(*one.bytes)) fault("risk_history", one.key, "is damaged");
      }
    }));
    return walk(tables::kHistory, [&](std::string_view key, std::string_view value) {
      const Result<record::Past> past = record::decode_past(value);
      if (!past) return fault("history", key, past.error().message);
      ++found_.past;
      if (!past->bytes || past->source.empty()) return;
      const bool sound = past->id.empty() ? record::decode_source(*past->bytes).has_value()
                                          : record::decode_advisory(*past->bytes).has_value();
      if (!sound) fault("history", key, "its record is damaged");
    });
  }

  Status count(LmdbTable table, std::uint64_t want) {
    const std::uint64_t there = TRY(store_.size(table));
    if (there != want)
      fault(tables::kAll[table], "",
            std::to_string(there) + " keys where there should be " + std::to_string(want));
    return {};
  }
  Status total(std::string_view key, std::uint64_t want) {
    const std::string there(TRY(store_.get(tables::kMeta, key)).value_or("none"));
    if (there != std::to_string(want))
      fault("meta", key, there + " where it should be " + std::to_string(want));
    return {};
  }
  Status totals() {
    TRY(count(tables::kIds, found_.records));
    TRY(count(tables::kPackages, rows_));
    TRY(count(tables::kNames, names_));
    TRY(total(tables::kAdvisoriesKey, advisories_));
    TRY(total(tables::kWithdrawnKey, withdrawn_));
    for (const auto& [source, records] : counted_) {
      const auto claimed = claimed_.find(source);
      if (claimed == claimed_.end() || claimed->second != records)
        fault("sources", source, "does not tell of its " + std::to_string(records) + " records");
    }
    return {};
  }

  const Overlay& store_;
  Verified found_;
  std::map<std::string, std::uint64_t> claimed_, counted_;  // records of each source
  std::uint64_t rows_ = 0, names_ = 0, advisories_ = 0, withdrawn_ = 0;
};

Result<Verified> checked(const std::string& directory) {
  const Db db = TRY(Db::open(directory));  // says what is wrong with it as a whole
  return Check(db.tables()).run();
}

// LMDB trusts its pages: a damaged one may end the process that reads it, so another one reads all of them first.
Status survives(const std::string& directory) {
  const pid_t child = ::fork();
  if (child < 0) return fail_errno("fork");
  if (child == 0) {
    const rlimit no_core{};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);  // LMDB's own words
    const Result<Verified> found = checked(directory);
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return fail_errno("wait for the process that reads the database");
  }
  if (status == 0) return {};
  return fail(Errc::damaged,
              "database " + directory + ": reading its pages ends the program: build it again");
}

}  // namespace

Result<Verified> verify(const std::string& directory) {
  TRY(survives(directory));
  return checked(directory);
}

}  // namespace peekr
