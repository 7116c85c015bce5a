// SPDX-License-Identifier: Apache-2.0
#include "service/replace.h"

#include "service/private.h"

namespace peekr {
namespace {

Status copy(const Db& old, const DbSource& source, DbWriter& fresh) {
  TRY(fresh.set_source(source));
  Status status;
  const auto use = [&](const Advisory& one) { return (status = fresh.put(source.name, one)).has_value(); };
  TRY(old.each(source.name, use));
  return status;
}

std::string named(const std::vector<const DbSource*>& sources) {
  constexpr std::size_t kShown = 4;
  std::string out;
  for (std::size_t i = 0; i < std::min(sources.size(), kShown); ++i)
    out += (i == 0 ? "" : ", ") + sources[i]->name;
  if (sources.size() > kShown) out += " and " + std::to_string(sources.size() - kShown) + " more";
  return out;
}

}  // namespace

Status take_over(const std::string& directory, Lost lost, DbWriter& fresh, std::vector<Note>& notes) {
  const Result<Db> old = Db::open(directory);
  if (!old) {
    if (old.error().code != Errc::not_found)
      notes.push_back(
          {{},
           Why::unsupported,
           "what db add and db update have put into the old database is lost: " + old.error().message});
    return {};
  }
  const DbInfo info = TRY(old->info());
  std::vector<const DbSource*> fetched;
  for (const DbSource& source : info.sources) {
    const DbSource same = TRY(fresh.source(source.name));
    if (!same.feed.empty() || same.records > 0 || source.records == 0) continue;
    if (source.name.starts_with(kPrivateSource)) {
      TRY(copy(*old, source, fresh));
      continue;
    }
    if (!source.fetched.empty()) fetched.push_back(&source);
    notes.push_back({Path(source.name), Why::no_data,
                     std::to_string(source.records) + " records of the old database are not in the new one"});
  }
  if (fetched.empty() || lost == Lost::accept) return {};
  return fail(Errc::usage, "database " + directory + ": the new one would lack what was fetched of " +
                               named(fetched) + ": --replace says that it may, --db makes another");
}

}  // namespace peekr
