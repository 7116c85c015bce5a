// SPDX-License-Identifier: Apache-2.0
// Writing. The new database lies in "<directory>.new-XXXXXX" until it is whole, then it changes places with
// the old one: whoever has that open goes on reading it. The lock on the new directory tells a build that
// runs from one that was killed.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "base/fd.h"
#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "db/record.h"
#include "db/tables.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kBatch =
    20'000;  // records in one transaction: bounds the pages that are held in memory
constexpr std::string_view kMark = ".new-";

bool is_database_file(std::string_view name) { return name == "data.mdb" || name == "lock.mdb"; }

// Whether a directory holds a database and nothing else, or nothing: only such a one is ever replaced or
// removed.
bool replaceable(const fs::path& directory) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(directory, error);
  if (status.type() == fs::file_type::not_found) return true;
  if (!fs::is_directory(status)) return false;
  fs::directory_iterator entries(directory, error);
  if (error) return false;
  return std::ranges::all_of(entries, [](const fs::directory_entry& one) {
    return is_database_file(one.path().filename().native());
  });
}

void remove_database(const fs::path& directory) {
  if (!replaceable(directory)) return;
  std::error_code error;
  for (const std::string_view name : {"data.mdb", "lock.mdb"}) fs::remove(directory / name, error);
  fs::remove(directory, error);
}

// What builds that were killed have left beside the database.
void remove_leftovers(const fs::path& directory) {
  const std::string mark = directory.filename().native() + std::string(kMark);
  std::error_code error;
  for (const fs::directory_entry& one : fs::directory_iterator(directory.parent_path(), error)) {
    if (!one.path().filename().native().starts_with(mark)) continue;
    const Result<Fd> opened = Fd::open(one.path(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (opened && ::flock(opened->get(), LOCK_EX | LOCK_NB) == 0) remove_database(one.path());
  }
}

// Puts `fresh` in the place of `old`, which is then at `fresh` or gone.
Status exchange(const fs::path& fresh, const fs::path& old) {
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, old.c_str(), RENAME_EXCHANGE) == 0) return {};
  if (errno == ENOENT || errno == EINVAL || errno == ENOSYS) {
    // There is none yet, or this file system cannot exchange. rename() replaces an empty directory only.
    if (fs::exists(old)) remove_database(old);
    if (::rename(fresh.c_str(), old.c_str()) == 0) return {};
  }
  return fail_errno("put " + fresh.native() + " in the place of " + old.native());
}

// The later of two RFC 3339 times in UTC: "...:05Z" is before "...:05.2Z", which plain text order has the
// other way round.
bool later(std::string_view a, std::string_view b) {
  if (a.ends_with('Z')) a.remove_suffix(1);
  if (b.ends_with('Z')) b.remove_suffix(1);
  return a > b;
}

// Whether a record takes the place of another of the same id. One without a date is out of a publisher's own list of what
// holds now, such as Debian's tracker: a dated copy by somebody else says less.
bool replaces(std::string_view modified, std::string_view old) {
  if (modified.empty() || old.empty()) return modified.empty() && !old.empty();
  return later(modified, old);
}

// Affected entries by the key that they are found under.
std::map<std::string, std::vector<const Affected*>> by_key(const Advisory& advisory) {
  std::map<std::string, std::vector<const Affected*>> rows;
  if (!advisory.withdrawn.empty()) return rows;
  for (const Affected& one : advisory.affected) {
    if (one.package.empty() || one.ecosystem.empty()) continue;
    const std::string name = normalised_name(one.ecosystem, one.package);
    rows[tables::key({one.ecosystem, name, advisory.id})].push_back(&one);
  }
  return rows;
}

std::set<std::string> names_of(const Advisory& advisory) {
  std::set<std::string> names = {lower(advisory.id)};
  for (const auto* list : {&advisory.aliases, &advisory.upstream}) {
    for (const std::string& one : *list) names.insert(lower(one));
  }
  return names;
}

}  // namespace

struct DbBuilder::Impl {
  fs::path directory, fresh;
  Fd lock;
  std::optional<LmdbWriter> store;
  std::uint64_t pending = 0, withdrawn = 0;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    store.reset();
    if (!fresh.empty()) remove_database(fresh);
  }

  // One record more.
  Status added() { return ++pending % kBatch == 0 ? store->commit() : Status(); }

  // Takes out what an older record of the same id has put in.
  Status forget(const Advisory& old) {
    for (const auto& [key, list] : by_key(old)) TRY(store->remove(tables::kPackages, key));
    for (const std::string& name : names_of(old))
      TRY(store->remove(tables::kNames, tables::key({name, old.id})));
    if (!old.withdrawn.empty()) --withdrawn;
    return {};
  }

  // The tables that follow from `packages`, in one walk over it.
  Status derive() {
    std::set<std::string> ecosystems;
    std::set<std::pair<std::string, std::string>> packages;  // key form of the name, ecosystem
    Status status;
    record::Row row;
    const auto use = [&](std::string_view, std::string_view value) {
      if (!record::decode_row(value, row) || row.affected.empty()) {
        status = fail(Errc::internal, "database: a record just written does not read");
        return false;
      }
      const Affected& one = row.affected.front();
      packages.insert({normalised_name(one.ecosystem, one.package), one.ecosystem});
      ecosystems.insert(one.ecosystem);
      return true;
    };
    TRY(store->each(tables::kPackages, "", use));
    TRY(std::move(status));
    for (const std::string& one : ecosystems) TRY(store->put(tables::kEcosystems, tables::key({one}), one));
    for (const auto& [name, ecosystem] : packages) {
      TRY(store->put(tables::kByName, tables::key({name, ecosystem}), ecosystem));
    }
    return {};
  }
};

DbBuilder::DbBuilder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DbBuilder::DbBuilder(DbBuilder&&) noexcept = default;
DbBuilder::~DbBuilder() = default;

Result<DbBuilder> DbBuilder::create(const std::string& directory) {
  auto impl = std::make_unique<Impl>();
  std::error_code error;
  impl->directory = fs::weakly_canonical(fs::absolute(directory), error);
  if (!impl->directory.has_filename()) impl->directory = impl->directory.parent_path();
  if (!replaceable(impl->directory)) {
    return fail(Errc::usage, "build database: " + impl->directory.native() + " is there and is no database");
  }
  fs::create_directories(impl->directory.parent_path(), error);
  remove_leftovers(impl->directory);
  std::string pattern = impl->directory.native() + std::string(kMark) + "XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) return fail_errno("create " + pattern);
  impl->fresh = pattern;
  fs::permissions(impl->fresh, fs::perms(0755), error);
  impl->lock = TRY(Fd::open(pattern, O_RDONLY | O_DIRECTORY));
  if (::flock(impl->lock.get(), LOCK_EX | LOCK_NB) != 0) return fail_errno("lock " + pattern);
  impl->store = TRY(LmdbWriter::create(pattern, tables::kAll));
  return DbBuilder(std::move(impl));
}

Status DbBuilder::add(const Advisory& advisory) {
  if (advisory.id.empty()) return fail(Errc::usage, "add advisory: it has no id");
  LmdbWriter& store = *impl_->store;
  const std::string key = tables::key({advisory.id});
  if (const std::optional<std::string_view> bytes = TRY(store.get(tables::kAdvisories, key))) {
    const Advisory old = TRY(record::decode_advisory(*bytes));
    if (!replaces(advisory.modified, old.modified)) return {};
    TRY(impl_->forget(old));
  }
  TRY(store.put(tables::kAdvisories, key, record::encode(advisory)));
  for (const auto& [row, list] : by_key(advisory)) {
    TRY(store.put(tables::kPackages, row, record::encode(advisory.id, list)));
  }
  for (const std::string& name : names_of(advisory)) {
    TRY(store.put(tables::kNames, tables::key({name, advisory.id}), advisory.id));
  }
  if (!advisory.withdrawn.empty()) ++impl_->withdrawn;
  return impl_->added();
}

Status DbBuilder::add(const Risk& risk) {
  if (risk.cve.empty() || risk.source.empty()) return fail(Errc::usage, "add risk: it has no CVE or source");
  LmdbWriter& store = *impl_->store;
  const std::string key = tables::key({risk.cve, risk.source});
  if (const std::optional<std::string_view> bytes = TRY(store.get(tables::kRisks, key))) {
    const Risk old = TRY(record::decode_risk(*bytes));
    if (risk.date <= old.date) return {};
  }
  TRY(store.put(tables::kRisks, key, record::encode(risk)));
  return impl_->added();
}

Status DbBuilder::add_source(const DbSource& source) {
  return impl_->store->put(tables::kMeta, tables::key({tables::kSourcePrefix, source.name}),
                           record::encode(source));
}

Result<DbInfo> DbBuilder::finish(const std::string& built) {
  const Timer timer("db/finish");
  Impl& at = *impl_;
  TRY(at.derive());
  TRY(at.store->put(tables::kMeta, tables::kBuiltKey, built));
  TRY(at.store->put(tables::kMeta, tables::kWithdrawnKey, std::to_string(at.withdrawn)));
  TRY(at.store->put(tables::kMeta, tables::kFormatKey, record::kFormat));
  TRY(at.store->close());
  at.store.reset();
  if (!replaceable(at.directory))
    return fail(Errc::usage, at.directory.native() + " is there and is no database");
  TRY(exchange(at.fresh, at.directory));
  remove_database(at.fresh);
  at.fresh.clear();
  const Db db = TRY(Db::open(at.directory));
  return db.info();
}

}  // namespace peekr
