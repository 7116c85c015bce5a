// SPDX-License-Identifier: Apache-2.0
// Db: the advisories of all feeds in one directory that is mapped and read in place (LMDB). docs/db-format.md
// has its tables. Opening costs well under a millisecond; readers go on while a writer commits.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/advisory.h"
#include "model/report.h"
#include "model/risk.h"

namespace peekr {

class Overlay;  // overlay.h

// One package that one advisory speaks of: enough to match, and the key to the rest.
struct Entry {
  std::string advisory;  // id
  Affected affected;
};

// A record, and which source it came with.
struct Sourced {
  std::string source;
  Advisory advisory;
};

// The state of the database at the moment of open(), and that for good: what is written later is not seen.
class Db {
 public:
  Db(Db&&) noexcept;
  Db& operator=(Db&&) noexcept;
  ~Db();

  // Errc::not_found where there is no database, unsupported for one of another format version, damaged
  // otherwise.
  static Result<Db> open(const std::string& directory);
  // The state at a time (RFC 3339, UTC) of this one's history: what was changed later is taken back, in memory.
  // Errc::not_found where the history does not go back so far.
  [[nodiscard]] Result<Db> as_of(std::string_view time) const;

  // Whether the caller has no use for what says only "fixed in that version" (see sole_fix).
  using Settled = std::function<bool(std::string_view fix)>;
  // What is said about that package of that ecosystem (both exact, see normalised_name), by advisory id.
  // Withdrawn advisories are not in it, nor what is settled.
  [[nodiscard]] Result<std::vector<Entry>> lookup(std::string_view ecosystem, std::string_view package,
                                                  const Settled& settled = nullptr) const;
  // So many packages of the ecosystem will be looked up: what is said of its packages is read ahead, where that is worth it.
  void expect(std::string_view ecosystem, std::size_t lookups) const;
  // Several sources may have a record of that id: what of them counts (index::settle), the one of whose words most counts first. Each
  // package of an ecosystem is in one of them. Empty: there is none.
  [[nodiscard]] Result<std::vector<Sourced>> records(std::string_view id) const;
  // Ids of the advisories that bear this name: as id, alias or upstream; case is ignored. Sorted.
  [[nodiscard]] Result<std::vector<std::string>> named(std::string_view id) const;
  // The ecosystems that hold a package of that name ("glibc": Debian:8, Debian:12, ...). Sorted.
  [[nodiscard]] Result<std::vector<std::string>> ecosystems_with(std::string_view package) const;
  // Names of packages of which that is the last part: "org.apache.logging.log4j:log4j-core" of "log4j-core", "@angular/router" of
  // "router". All names are looked at; those that are too long for a key are not found. Sorted.
  [[nodiscard]] Result<std::vector<std::string>> names_ending(std::string_view part) const;
  // The names of all packages of an ecosystem; one that is too long for a key stands there as its hash (tables.h). Sorted.
  [[nodiscard]] Result<std::vector<std::string>> packages(std::string_view ecosystem) const;
  // Every ecosystem string that starts so ("Alpine:"). Sorted. Empty prefix: all.
  [[nodiscard]] Result<std::vector<std::string>> ecosystems(std::string_view prefix) const;
  // What each source says of the risk of a CVE, by the source that the risk names: the one of the latest day.
  [[nodiscard]] Result<std::vector<Risk>> risk(std::string_view cve) const;
  // Calls use(advisory) for all records of a source, until it returns false.
  [[nodiscard]] Status each(std::string_view source, const std::function<bool(const Advisory&)>& use) const;
  [[nodiscard]] Result<std::optional<DbSource>> source(std::string_view name) const;
  [[nodiscard]] Result<DbInfo> info() const;
  // The tables themselves: for who compares or copies databases.
  [[nodiscard]] const Overlay& tables() const;

 private:
  struct Impl;
  explicit Db(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What one commit() did, as ids (of risks: CVEs) in their order. Twice: that a new database was given more than once by one source,
// and not alike: what was modified last counts.
struct Changes {
  std::vector<std::string> added, changed, vanished, twice;
};

// The one writer of a database; a second one is Errc::busy, which names the process of the first. Readers of any
// number of processes go on. Nothing is seen of what is put before commit(), all of it after; a crash at any
// instant leaves the old or the new state, and so does a writer that is destroyed without commit().
class DbWriter {
 public:
  DbWriter(DbWriter&&) noexcept;
  ~DbWriter();

  // Changes the database in that directory; where there is none: as fresh(). now: RFC 3339 in UTC, the time
  // under which the history keeps what is changed (never before the last one).
  static Result<DbWriter> open(const std::string& directory, std::string_view now);
  // Makes a new database, without what is in the one that is there and goes on being read until commit().
  static Result<DbWriter> fresh(const std::string& directory, std::string_view now);

  // Adds or replaces that source's record of that id. Two sources may have one of the same id: of a package that both speak of
  // counts the one without a modification date, else the one that was modified last. A source's name has at most 168 bytes and no NUL.
  Status put(const std::string& source, const Advisory& advisory);
  // Adds or replaces that source's risk of that CVE and the name that the risk itself gives its source, unless the one
  // there is of a later day.
  Status put(const std::string& source, const Risk& risk);
  // Of no record: fine. Uncovers the record of that id that another source may have.
  Status remove(const std::string& source, std::string_view id);
  // Those risks of the source that are gone.
  Status remove_risks(const std::string& source, const std::function<bool(std::string_view cve)>& gone);
  // The sources that have a record of that id.
  [[nodiscard]] Result<std::vector<std::string>> sources_of(std::string_view id) const;
  // The source, its records, its risks and all that is known about it.
  Status drop(const std::string& source);

  // A row of `meta`, `history` or `risk_history` as another database has it: for who copies one (dump.h) into a fresh one.
  Status restore(std::size_t table, std::string_view key, std::string_view value);

  // The ids of a source: what of them is not in a full listing has vanished. In no order that means anything.
  [[nodiscard]] Result<std::vector<std::string>> ids(const std::string& source);
  // When each record of a source was modified, by its id.
  [[nodiscard]] Result<std::map<std::string, std::string>> times(const std::string& source);
  // A source that is not there yet is an empty one of that name.
  [[nodiscard]] Result<DbSource> source(const std::string& name);
  // Sets all but records and newest, which follow from what is put. A source may have no records.
  Status set_source(const DbSource& source);

  // From now on the history goes back so many days (90 where nothing else was said). The number of its rows that fell
  // out; what is too old by the end of each commit falls out, too.
  Result<std::uint64_t> keep_history(std::uint64_t days);

  // One transaction, on the disk when it returns; the next one may follow.
  Result<Changes> commit();
  // Undoes what came after the last commit, and stays the one writer. After an error it is good for nothing.
  Status roll_back();
  // Rewrites the file without its free pages. After a commit.
  Status compact();

 private:
  struct Impl;
  explicit DbWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The key form of a package name in an ecosystem: PyPI by PEP 503, NuGet and Packagist in lower case, else as
// it is.
[[nodiscard]] std::string normalised_name(std::string_view ecosystem, std::string_view package);
[[nodiscard]] bool keeps_names(std::string_view ecosystem);  // whether it is the name in all cases

}  // namespace peekr
