// SPDX-License-Identifier: Apache-2.0
#include "db/diff.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <tuple>

#include "base/timer.h"
#include "db/overlay.h"
#include "db/record.h"
#include "db/tables.h"

namespace peekr {
namespace {

using Bytes = std::optional<std::string_view>;
// A row that is not the same in both.
using UseRow = std::function<Status(std::string_view key, Bytes before, Bytes after)>;

// Calls use() for a key, if what it leads to differs.
Status compare(const Db& before, const Db& after, LmdbTable table, std::string_view key, const UseRow& use) {
  const Bytes old = TRY(before.tables().get(table, key)), now = TRY(after.tables().get(table, key));
  return old == now ? Status{} : use(key, old, now);
}

Status each_difference(const Db& before, const Db& after, LmdbTable table, const UseRow& use) {
  const Overlay &a = before.tables(), &b = after.tables();
  if (a.file() == b.file()) {
    std::set<std::string_view> keys;
    for (const Overlay* one : {&a, &b}) {
      for (const auto& [key, value] : one->changes(table)) keys.insert(key);
    }
    for (const std::string_view key : keys) TRY(compare(before, after, table, key, use));
    return {};
  }
  Status status;
  TRY(a.each(table, "", [&](std::string_view key, std::string_view) {
    status = compare(before, after, table, key, use);
    return status.has_value();
  }));
  TRY(std::move(status));
  status = {};
  TRY(b.each(table, "", [&](std::string_view key, std::string_view value) {
    const Result<Bytes> old = a.get(table, key);
    if (old && !*old) status = use(key, std::nullopt, value);
    if (!old) status = fail(old.error());
    return status.has_value();
  }));
  return status;
}

Fate fate_of(const Bytes& before, const Bytes& after) {
  return !before ? Fate::appeared : after ? Fate::changed : Fate::vanished;
}

// Those fields of an advisory that one word stands for; compared as they are written.
struct Field {
  std::string_view name;
  Advisory (*part)(const Advisory&);
};
constexpr Field kFields[] = {
    {"kind", [](const Advisory& of) { return Advisory{.kind = of.kind}; }},
    {"names",
     [](const Advisory& of) {
       return Advisory{.aliases = of.aliases, .upstream = of.upstream, .related = of.related};
     }},
    {"text", [](const Advisory& of) { return Advisory{.summary = of.summary, .details = of.details}; }},
    {"dates",
     [](const Advisory& of) { return Advisory{.published = of.published, .modified = of.modified}; }},
    {"withdrawn", [](const Advisory& of) { return Advisory{.withdrawn = of.withdrawn}; }},
    {"severity",
     [](const Advisory& of) {
       return Advisory{.vectors = of.vectors, .severity = of.severity, .ratings = of.ratings};
     }},
    {"weaknesses", [](const Advisory& of) { return Advisory{.weaknesses = of.weaknesses, .cpes = of.cpes}; }},
    {"references", [](const Advisory& of) { return Advisory{.references = of.references}; }},
    {"packages", [](const Advisory& of) { return Advisory{.affected = of.affected}; }},
    {"publisher",
     [](const Advisory& of) { return Advisory{.publisher = of.publisher, .review = of.review}; }},
};

std::vector<std::string> packages_of(const Advisory& advisory) {
  std::set<std::string> all;
  for (const Affected& one : advisory.affected) {
    if (!one.package.empty()) all.insert(one.ecosystem + " " + one.package);
  }
  return {all.begin(), all.end()};
}

Result<Difference> record_difference(std::string_view key, Bytes before, Bytes after) {
  Difference out{.source = std::string(tables::part_of(key, 0)), .fate = fate_of(before, after)};
  const Advisory shown = TRY(record::decode_advisory(after ? *after : *before));
  out.id = shown.id;
  out.packages = packages_of(shown);
  if (out.fate != Fate::changed) return out;
  const Advisory old = TRY(record::decode_advisory(*before));
  for (const Field& field : kFields) {
    if (record::encode(field.part(old)) != record::encode(field.part(shown)))
      out.fields.emplace_back(field.name);
  }
  return out;
}

Result<bool> says_exploited(const Bytes& bytes) {
  if (!bytes) return false;
  return TRY(record::decode_risk(*bytes)).kev.has_value();
}

}  // namespace

std::string_view name(Fate fate) {
  switch (fate) {
    case Fate::appeared: return "appeared";
    case Fate::changed: return "changed";
    case Fate::vanished: return "vanished";
  }
  return "";
}

Result<Differences> difference(const Db& before, const Db& after) {
  const Timer timer("db/difference");
  Differences out;
  const UseRow record = [&](std::string_view key, Bytes old, Bytes now) -> Status {
    out.records.push_back(TRY(record_difference(key, old, now)));
    return {};
  };
  const UseRow risk = [&](std::string_view key, Bytes old, Bytes now) -> Status {
    const std::string source(tables::part_of(key, 1));
    ++out.risks[source][fate_of(old, now)];
    const bool was = TRY(says_exploited(old)), is = TRY(says_exploited(now));
    if (was == is) return {};
    const Risk shown = TRY(record::decode_risk(now ? *now : *old));
    const Fate fate = is ? Fate::appeared : Fate::vanished;
    out.exploited.push_back({.source = source, .id = shown.cve, .fate = fate});
    return {};
  };
  TRY(each_difference(before, after, tables::kRecords, record));
  TRY(each_difference(before, after, tables::kRisks, risk));
  for (std::vector<Difference>* list : {&out.records, &out.exploited}) {
    std::ranges::sort(*list, {}, [](const Difference& one) { return std::tie(one.source, one.id); });
  }
  return out;
}

}  // namespace peekr
