// SPDX-License-Identifier: Apache-2.0
// The history of dnf 4 and 5 (libdnf/transaction/db/sql): which repositories packages came from, for Red Hat's advisories, of which each
// product has its own. Those of a vendor who names his otherwise say nothing there.
//
//   CREATE TABLE repo (id INTEGER PRIMARY KEY, repoid TEXT NOT NULL);   "rhel-9-for-x86_64-appstream-rpms"
#include "catalog/dnf_history.h"

#include <algorithm>
#include <array>

#include "catalog/cataloger.h"
#include "catalog/packed.h"
#include "catalog/stanza.h"
#include "lib/sqlite.h"

namespace peekr {
namespace {

constexpr std::string_view kMark = "dnf ";  // until they are settled
constexpr std::size_t kMost = 1000;         // Red Hat has some 300 for one release
constexpr std::array<std::string_view, 4> kRedHats = {"rhel-", "ubi-", "codeready-builder-",
                                                      "rhocp-"};  // match/content_set.cc

Status read_repositories(SqliteFile history, Inventory& found) {
  SqliteReader reader = TRY(SqliteReader::open(std::move(history)));
  return reader.each_blob("repo", "repoid", [&](std::int64_t /*row*/, std::string_view name) {
    const bool is_red_hats =
        std::ranges::any_of(kRedHats, [&](std::string_view one) { return name.starts_with(one); });
    if (is_red_hats && name.ends_with("-rpms") && found.repositories.size() < kMost)
      found.repositories.push_back(std::string(kMark) + std::string(name));
  });
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  SqliteFile history = sqlite_file(file.bytes, file.beside("-wal"));
  if (!history.problem.empty()) notes.add(Why::damaged, "write-ahead log: " + history.problem);
  if (const std::string problem = journal_problem(file.beside("-journal")); !problem.empty())
    notes.add(Why::damaged, problem);
  const Status status = read_repositories(std::move(history), found);
  if (!status) notes.add(why_of(status.error()), status.error().message);
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"var/lib/dnf/history.sqlite",
                                           "usr/lib/sysimage/libdnf5/transaction_history.sqlite"};
constexpr std::array<Pattern, 4> kReads = {"var/lib/dnf/history.sqlite-wal",
                                           "var/lib/dnf/history.sqlite-journal",
                                           "usr/lib/sysimage/libdnf5/transaction_history.sqlite-wal",
                                           "usr/lib/sysimage/libdnf5/transaction_history.sqlite-journal"};

}  // namespace

void settle_dnf_repositories(std::vector<std::string>& repositories) {
  const auto is_of_dnf = [](std::string_view one) { return one.starts_with(kMark); };
  if (std::ranges::all_of(repositories, is_of_dnf)) return repositories.clear();
  for (std::string& one : repositories) {
    if (is_of_dnf(one)) one.erase(0, kMark.size());
  }
}

namespace catalogers {
extern const Cataloger dnf_history;
constexpr Cataloger dnf_history = {.name = "dnf_history",
                                   .about = "repositories of Red Hat that dnf took packages from",
                                   .version = 1,
                                   .wants = kWants,
                                   .reads = kReads,
                                   .of_system = true,
                                   .run = run};
}  // namespace catalogers

}  // namespace peekr
