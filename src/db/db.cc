// SPDX-License-Identifier: Apache-2.0
// Reading. Opening maps the file and reads one key, the format; nothing else is looked at before it is asked
// for.
#include "db/db.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "base/timer.h"
#include "db/history.h"
#include "db/index.h"
#include "db/indexer.h"
#include "db/overlay.h"
#include "db/record.h"
#include "db/tables.h"

namespace peekr {
namespace {

constexpr std::size_t kUsual = 16;  // entries that are found, of those packages that have any
// What a disk reads in a row in the time that it takes for one page, which is what a look-up waits for.
constexpr std::uint64_t kReadPerLookup = std::uint64_t{16} << 10;

Error in_database(const std::string& path, const Error& error) { return error.within(path); }

}  // namespace

struct Db::Impl {
  std::string path;
  Overlay store;
  std::string as_of = {};
};

Db::Db(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Db::Db(Db&&) noexcept = default;
Db& Db::operator=(Db&&) noexcept = default;
Db::~Db() = default;

Result<Db> Db::open(const std::string& directory) {
  const Timer timer("db/open");
  Result<LmdbReader> store = LmdbReader::open(directory, tables::kAll);
  // Another format has other tables: the format is what to say then.
  const bool other = !store && store.error().code == Errc::damaged;
  if (other) store = LmdbReader::open(directory, std::span(tables::kAll).first(1));
  if (!store) return within("database", Result<Db>(std::unexpected(store.error())));
  const std::optional<std::string_view> format = TRY(store->get(tables::kMeta, tables::kFormatKey));
  if (!format) return fail(Errc::damaged, "database " + directory + ": unfinished");
  if (*format != record::kFormat) {
    return fail(Errc::unsupported, "database " + directory + ": format " + printable(*format) +
                                       ", this program reads " + std::string(record::kFormat) + ": " +
                                       std::string(record::kOtherFormat));
  }
  if (other) return fail(Errc::damaged, "database " + directory + ": it lacks a table");
  return Db(
      std::make_unique<Impl>(directory, Overlay(std::make_shared<const LmdbReader>(*std::move(store)))));
}

Result<Db> Db::as_of(std::string_view time) const {
  auto past = std::make_unique<Impl>(impl_->path, Overlay(impl_->store.file()), std::string(time));
  const std::string_view begin = TRY(past->store.get(tables::kMeta, tables::kHistoryKey)).value_or("");
  if (time < begin) {
    return fail(Errc::not_found, "database " + impl_->path + ": its history begins at " + printable(begin) +
                                     ": what it said at " + printable(time) + " is not known");
  }
  TRY(within(impl_->path, undo(past->store, time)));
  return Db(std::move(past));
}

Result<std::vector<Entry>> Db::lookup(std::string_view ecosystem, std::string_view package,
                                      const Settled& settled) const {
  const Timer timer("db/lookup");
  const std::string name = normalised_name(ecosystem, package);
  std::vector<Entry> entries;
  Status status;
  record::Row row;
  const auto use = [&](std::string_view, std::string_view value) {
    if (settled) {
      const std::string_view fix = record::row_sole_fix(value);
      if (!fix.empty() && settled(fix)) return true;
    }
    if (const Status decoded = record::decode_row(value, row); !decoded) {
      status = fail(in_database(impl_->path, decoded.error()));
      return false;
    }
    for (Affected& one : row.affected) {
      // Long names share a hashed key only if SHA-256 collides; still, what is handed out is what was asked
      // for.
      const bool asked = one.package == name || normalised_name(ecosystem, one.package) == name;
      if (!asked || one.ecosystem != ecosystem) continue;
      if (entries.empty()) entries.reserve(kUsual);
      entries.push_back({row.advisory, std::move(one)});
    }
    return true;
  };
  TRY(impl_->store.each(tables::kPackages, tables::prefix({ecosystem, name}), use));
  TRY(std::move(status));
  return entries;  // in the order of the keys: by advisory id
}

void Db::expect(std::string_view ecosystem, std::size_t lookups) const {
  impl_->store.file()->expect(tables::kPackages, tables::prefix({ecosystem}), lookups * kReadPerLookup);
}

Result<std::vector<Sourced>> Db::records(std::string_view id) const {
  std::vector<Sourced> all = TRY(within(impl_->path, sourced(impl_->store, id)));
  index::settle(all);
  return all;
}

Status Db::each(std::string_view source, const std::function<bool(const Advisory&)>& use) const {
  Status status;
  const auto decoded = [&](std::string_view, std::string_view value) {
    const Result<Advisory> one = record::decode_advisory(value);
    if (!one) status = fail(in_database(impl_->path, one.error()));
    return one && use(*one);
  };
  TRY(impl_->store.each(tables::kRecords, tables::prefix({source}), decoded));
  return status;
}

Result<std::optional<DbSource>> Db::source(std::string_view name) const {
  const auto bytes = TRY(impl_->store.get(tables::kSources, tables::key({name})));
  if (!bytes) return std::nullopt;
  return TRY(record::decode_source(*bytes));
}

Result<std::vector<std::string>> Db::named(std::string_view id) const {
  std::vector<std::string> ids;
  const auto use = [&](std::string_view, std::string_view value) {
    ids.emplace_back(value);
    return true;
  };
  TRY(impl_->store.each(tables::kNames, tables::prefix({lower(id)}), use));
  std::ranges::sort(ids);
  return ids;
}

Result<std::vector<std::string>> Db::ecosystems_with(std::string_view package) const {
  // Each ecosystem has its own key form of the name: ask for all forms, keep the ecosystems whose form it is.
  std::vector<std::string> found;
  for (const std::string& form : std::set{std::string(package), lower(package), pypi_name(package)}) {
    const auto use = [&](std::string_view, std::string_view ecosystem) {
      if (normalised_name(ecosystem, package) == form) found.emplace_back(ecosystem);
      return true;
    };
    TRY(impl_->store.each(tables::kByName, tables::prefix({form}), use));
  }
  std::ranges::sort(found);
  return found;
}

Result<std::vector<std::string>> Db::names_ending(std::string_view part) const {
  std::vector<std::string> names;
  const std::string small = lower(part);
  const auto use = [&](std::string_view key, std::string_view) {
    const std::string_view name = tables::part_of(key, 0);
    const std::string_view last = name.substr(name.find_last_of("/:") + 1);
    if (last.size() < name.size() && (last == part || last == small)) names.emplace_back(name);
    return true;
  };
  TRY(impl_->store.each(tables::kByName, "", use));
  sort_unique(names);
  return names;
}

Result<std::vector<std::string>> Db::packages(std::string_view ecosystem) const {
  std::vector<std::string> names;
  const auto use = [&](std::string_view key, std::string_view) {
    const std::string_view name = tables::part_of(key, 1);
    if (names.empty() || names.back() != name) names.emplace_back(name);
    return true;
  };
  TRY(impl_->store.each(tables::kPackages, tables::prefix({ecosystem}), use));
  return names;  // in the order of the keys
}

Result<std::vector<std::string>> Db::ecosystems(std::string_view prefix) const {
  std::vector<std::string> found;
  const auto use = [&](std::string_view, std::string_view ecosystem) {
    if (ecosystem.starts_with(prefix)) found.emplace_back(ecosystem);
    return true;
  };
  TRY(impl_->store.each(tables::kEcosystems, "", use));
  std::ranges::sort(found);
  return found;
}

Result<std::vector<Risk>> Db::risk(std::string_view cve) const {
  std::vector<Risk> risks;
  Status status;
  const auto use = [&](std::string_view, std::string_view value) {
    Result<Risk> one = record::decode_risk(value);
    if (one) {
      risks.push_back(*std::move(one));
    } else {
      status = fail(in_database(impl_->path, one.error()));
    }
    return status.has_value();
  };
  TRY(impl_->store.each(tables::kRisks, tables::prefix({cve}), use));
  TRY(std::move(status));
  // The same may have come from two: a feed, and a file of it that was added.
  std::ranges::sort(risks, [](const Risk& a, const Risk& b) {
    return std::tie(a.source, b.date) < std::tie(b.source, a.date);
  });
  const auto rest = std::ranges::unique(risks, {}, &Risk::source);
  risks.erase(rest.begin(), rest.end());
  return risks;
}

Result<DbInfo> Db::info() const {
  const Overlay& store = impl_->store;
  DbInfo info{.path = impl_->path, .as_of = impl_->as_of};
  info.built = TRY(store.get(tables::kMeta, tables::kBuiltKey)).value_or("");
  info.history = TRY(store.get(tables::kMeta, tables::kHistoryKey)).value_or("");
  info.withdrawn = to_number(TRY(store.get(tables::kMeta, tables::kWithdrawnKey)).value_or("")).value_or(0);
  info.advisories = to_number(TRY(store.get(tables::kMeta, tables::kAdvisoriesKey)).value_or("")).value_or(0);
  info.packages = TRY(store.size(tables::kByName));
  info.risks = TRY(store.size(tables::kRisks));
  info.bytes = store.file()->file_bytes();
  Status status;
  const auto use = [&](std::string_view, std::string_view value) {
    Result<DbSource> source = record::decode_source(value);
    if (source) {
      info.sources.push_back(*std::move(source));
    } else {
      status = fail(in_database(impl_->path, source.error()));
    }
    return status.has_value();
  };
  TRY(store.each(tables::kSources, "", use));
  TRY(std::move(status));
  return info;
}

const Overlay& Db::tables() const { return impl_->store; }

bool keeps_names(std::string_view ecosystem) {
  const std::string_view family = cut(ecosystem, ':').first;
  return family != "PyPI" && family != "NuGet" && family != "Packagist" && family != "VSCode";
}

std::string normalised_name(std::string_view ecosystem, std::string_view package) {
  if (keeps_names(ecosystem)) return std::string(package);
  const std::string_view family = cut(ecosystem, ':').first;
  if (family == "PyPI") return pypi_name(package);
  if (family != "VSCode") return lower(package);
  // OSV writes "publisher.name", package URLs have a slash there.
  std::string name = lower(package);
  if (const std::size_t slash = name.find('/'); slash != std::string::npos) name[slash] = '.';
  return name;
}

}  // namespace peekr
