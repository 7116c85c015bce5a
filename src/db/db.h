// SPDX-License-Identifier: Apache-2.0
// Db: the advisories of all feeds in one directory that is mapped and read in place (LMDB). docs/db-format.md
// has its tables. Opening costs well under a millisecond; readers go on while a writer commits.
#pragma once

#include <functional>
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

// One package that one advisory speaks of: enough to match, and the key to the rest.
struct Entry {
  std::string advisory;  // id
  Affected affected;
};

class Db {
 public:
  Db(Db&&) noexcept;
  Db& operator=(Db&&) noexcept;
  ~Db();

  // Errc::not_found where there is no database, unsupported for one of another format version, damaged
  // otherwise.
  static Result<Db> open(const std::string& directory);

  // Whether the caller has no use for what says only "fixed in that version" (see sole_fix).
  using Settled = std::function<bool(std::string_view fix)>;
  // What is said about that package of that ecosystem (both exact, see normalised_name), by advisory id.
  // Withdrawn advisories are not in it, nor what is settled.
  [[nodiscard]] Result<std::vector<Entry>> lookup(std::string_view ecosystem, std::string_view package,
                                                  const Settled& settled = nullptr) const;
  [[nodiscard]] Result<std::optional<Advisory>> advisory(std::string_view id) const;
  // Ids of the advisories that bear this name: as id, alias or upstream; case is ignored. Sorted.
  [[nodiscard]] Result<std::vector<std::string>> named(std::string_view id) const;
  // The ecosystems that hold a package of that name ("glibc": Debian:8, Debian:12, ...). Sorted.
  [[nodiscard]] Result<std::vector<std::string>> ecosystems_with(std::string_view package) const;
  // Every ecosystem string that starts so ("Alpine:"). Sorted. Empty prefix: all.
  [[nodiscard]] Result<std::vector<std::string>> ecosystems(std::string_view prefix) const;
  // What each source says of the risk of a CVE, by source.
  [[nodiscard]] Result<std::vector<Risk>> risk(std::string_view cve) const;
  [[nodiscard]] Result<DbInfo> info() const;

 private:
  friend class DbBuilder;
  struct Impl;
  explicit Db(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Writes a new database beside the old one and puts it in its place in finish(), so a failed build leaves the
// old one.
class DbBuilder {
 public:
  DbBuilder(DbBuilder&&) noexcept;
  ~DbBuilder();  // without finish(): the unfinished files are removed

  static Result<DbBuilder> create(const std::string& directory);
  // Add or replace by id. The same id from two sources: the one without a modification date wins, else the later.
  Status add(const Advisory& advisory);
  // Add or replace by CVE and source, where it is of a later day.
  Status add(const Risk& risk);
  Status add_source(const DbSource& source);
  Result<DbInfo> finish(const std::string& built);  // RFC 3339: now

 private:
  struct Impl;
  explicit DbBuilder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The key form of a package name in an ecosystem: PyPI by PEP 503, NuGet and Packagist in lower case, else as
// it is.
[[nodiscard]] std::string normalised_name(std::string_view ecosystem, std::string_view package);

}  // namespace peekr
