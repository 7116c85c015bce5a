// SPDX-License-Identifier: Apache-2.0
// rpm's database of installed packages, in one of three formats that tell each other apart by their first
// bytes:
//
//   rpmdb.sqlite   SQLite        rpm_sqlite.h     -wal beside it: what was not written back yet
//                                                   -journal: what a transaction that was not finished overwrote
//   Packages.db    ndb           rpm_ndb.h
//   Packages       Berkeley DB   rpm_bdb.h
//
// All three keep one header blob a package: rpm_header.h.
#include "catalog/rpm.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "catalog/cataloger.h"
#include "catalog/rpm_bdb.h"
#include "catalog/rpm_header.h"
#include "catalog/rpm_ndb.h"
#include "catalog/rpm_sqlite.h"
#include "catalog/stanza.h"
#include "lib/sqlite.h"

namespace peekr {
namespace {

// The best first.
constexpr std::array<std::string_view, 3> kNames = {"rpmdb.sqlite", "Packages.db", "Packages"};

// A folder with "var/lib/rpm" at its end may be a root file system inside the image; of those at its root
// anything but a database is a gap.
bool is_at_root(const Path& path) {
  constexpr std::array<std::string_view, 3> kFolders = {"var/lib/rpm", "usr/lib/sysimage/rpm",
                                                        "usr/share/rpm"};
  return std::ranges::find(kFolders, path.folder()) != kFolders.end();
}

class DatabaseReader {
 public:
  DatabaseReader(const File& file, Inventory& found) : file_(file), found_(found), notes_(file.path, found) {}

  void run() {
    const RpmSink sink = {
        .header = [this](std::uint64_t number, std::string_view blob) { add(number, blob); },
        .note = [this](Why why, std::string what) { notes_.add(why, std::move(what)); },
    };
    const std::string_view wal = file_.beside("-wal");
    if (is_sqlite(file_.bytes) || (file_.bytes.empty() && !wal.empty())) {
      read_rpm_sqlite(file_.bytes, wal, sink);
      const std::string problem = journal_problem(file_.beside("-journal"));
      if (!problem.empty()) notes_.add(Why::unsupported, "sqlite: " + problem);
    } else if (is_rpm_ndb(file_.bytes)) {
      read_rpm_ndb(file_.bytes, sink);
    } else if (is_bdb(file_.bytes)) {
      read_rpm_bdb(file_.bytes, sink);
    } else if (is_at_root(file_.path)) {
      notes_.add(Why::damaged, "rpm database: none of its formats");
    }
    notes_.finish();
  }

 private:
  void add(std::uint64_t number, std::string_view blob) {
    Result<RpmHeader> header = read_rpm_header(blob);
    const std::string where = "package " + std::to_string(number);
    if (!header) return notes_.add(Why::damaged, where + ": " + header.error().message);
    Package& package = header->package;
    if (package.name == "gpg-pubkey") return;  // a key that rpm trusts, stored as if it were a package
    if (!header->problem.empty()) {
      notes_.add(Why::damaged, where + " (" + peekr::quoted(package.name) + "): " + header->problem);
    }
    package.path = file_.path;
    found_.add(std::move(package));
  }

  const File& file_;
  Inventory& found_;
  FileNotes notes_;
};

void run(const File& file, Inventory& found) { DatabaseReader(file, found).run(); }

constexpr std::array<Pattern, 9> kWants = {"**/var/lib/rpm/rpmdb.sqlite",
                                           "**/var/lib/rpm/Packages.db",
                                           "**/var/lib/rpm/Packages",
                                           "**/usr/lib/sysimage/rpm/rpmdb.sqlite",
                                           "**/usr/lib/sysimage/rpm/Packages.db",
                                           "**/usr/lib/sysimage/rpm/Packages",
                                           "**/usr/share/rpm/rpmdb.sqlite",
                                           "**/usr/share/rpm/Packages.db",
                                           "**/usr/share/rpm/Packages"};
constexpr std::array<Pattern, 6> kReads = {
    "**/var/lib/rpm/rpmdb.sqlite-wal",          "**/var/lib/rpm/rpmdb.sqlite-journal",
    "**/usr/lib/sysimage/rpm/rpmdb.sqlite-wal", "**/usr/lib/sysimage/rpm/rpmdb.sqlite-journal",
    "**/usr/share/rpm/rpmdb.sqlite-wal",        "**/usr/share/rpm/rpmdb.sqlite-journal"};

// A database of the inventory.
struct Database {
  std::size_t packages = 0;
  std::uint32_t layer = 0;
  std::size_t format = 0;  // index into kNames
};
using Databases = std::map<Path, Database>;

std::size_t rank(const Package& package) {
  if (package.type != "rpm") return kNames.size();
  return static_cast<std::size_t>(std::ranges::find(kNames, package.path.name()) - kNames.begin());
}

// Which of a folder counts: that of the highest layer; of one layer the newest format.
std::map<std::string_view, const Path*> newest_of(const Databases& databases) {
  std::map<std::string_view, const Path*> newest;
  for (const auto& [path, one] : databases) {
    const auto [at, fresh] = newest.try_emplace(path.folder(), &path);
    const Database& other = databases.at(*at->second);
    if (!fresh && (one.layer > other.layer || (one.layer == other.layer && one.format < other.format)))
      at->second = &path;
  }
  return newest;
}

}  // namespace

void drop_stale_rpm(const std::map<Path, std::uint32_t>& layers, Inventory& inventory) {
  Databases databases;
  for (const Package& package : inventory.packages) {
    if (rank(package) == kNames.size()) continue;
    const auto layer = layers.find(package.path);
    Database& one = databases[package.path];
    one = {one.packages + 1, layer == layers.end() ? 0 : layer->second, rank(package)};
  }
  const std::map<std::string_view, const Path*> newest = newest_of(databases);
  std::erase_if(inventory.packages, [&](const Package& package) {
    return rank(package) != kNames.size() && *newest.at(package.path.folder()) != package.path;
  });
  for (const auto& [path, one] : databases) {
    const Database& kept = databases.at(*newest.at(path.folder()));
    if (one.format == kept.format) continue;
    const bool in_doubt = one.layer == kept.layer && one.packages > kept.packages;
    inventory.notes.push_back(
        {path, in_doubt ? Why::damaged : Why::suspicious,
         "rpm database: a newer one lies beside it, packages left out: " + std::to_string(one.packages)});
  }
}

namespace catalogers {
extern const Cataloger rpm;
constexpr Cataloger rpm = {
    .name = "rpm",
    .about = "RPM packages: rpm's database as SQLite (also with a log), ndb or Berkeley DB",
    .version = 4,
    .wants = kWants,
    .reads = kReads,
    .of_system = true,
    .run = run};
}  // namespace catalogers

}  // namespace peekr
