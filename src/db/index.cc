// SPDX-License-Identifier: Apache-2.0
#include "db/index.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/date.h"
#include "base/text.h"
#include "db/record.h"
#include "db/tables.h"

namespace peekr::index {

std::vector<Row> rows(const Advisory& advisory) {
  struct One {
    std::string_view ecosystem;
    std::string name;
    const Affected* affected;
  };
  std::vector<One> all;
  std::vector<Row> rows;
  if (!advisory.withdrawn.empty()) return rows;
  all.reserve(advisory.affected.size());
  for (const Affected& one : advisory.affected) {
    if (one.package.empty() || one.ecosystem.empty()) continue;
    all.push_back({one.ecosystem, normalised_name(one.ecosystem, one.package), &one});
  }
  const auto package = [](const One& one) { return std::tie(one.ecosystem, one.name); };
  std::ranges::stable_sort(all, {}, package);
  for (auto from = all.begin(); from != all.end();) {
    std::vector<const Affected*> list;
    auto to = from;
    for (; to != all.end() && package(*to) == package(*from); ++to) list.push_back(to->affected);
    std::string key = tables::key({from->ecosystem, from->name, advisory.id});
    rows.push_back(
        {std::move(key), from->ecosystem, std::move(from->name), record::encode(advisory.id, list)});
    from = to;
  }
  std::ranges::sort(rows, {}, &Row::key);
  const auto twice = std::ranges::unique(rows, {}, &Row::key);
  rows.erase(twice.begin(), twice.end());
  return rows;
}

std::vector<std::string> names(const Advisory& advisory) {
  std::vector<std::string> names = {lower(advisory.id)};
  for (const auto* list : {&advisory.aliases, &advisory.upstream}) {
    for (const std::string& one : *list) names.push_back(lower(one));
  }
  for (std::string& one : names) one = tables::key({one, advisory.id});
  sort_unique(names);
  return names;
}

bool later(std::string_view a, std::string_view b) { return a != b && instant_of(a) > instant_of(b); }

bool supersedes(std::string_view modified, std::string_view other) {
  if (modified.empty() || other.empty()) return modified.empty() && !other.empty();
  return later(modified, other);
}

void settle(std::vector<Sourced>& records) {
  std::ranges::sort(records, [](const Sourced& a, const Sourced& b) {
    const std::string &one = a.advisory.modified, &other = b.advisory.modified;
    return supersedes(one, other) || (!supersedes(other, one) && a.source < b.source);
  });
  if (records.size() < 2) return;
  using Package = std::pair<std::string, std::string>;
  std::set<Package> settled;
  std::vector<Sourced> counting;
  for (Sourced& record : records) {
    std::set<Package> own;
    std::erase_if(record.advisory.affected, [&](const Affected& one) {
      if (one.package.empty() || one.ecosystem.empty()) return false;
      Package package(one.ecosystem, normalised_name(one.ecosystem, one.package));
      if (settled.contains(package)) return true;
      own.insert(std::move(package));
      return false;
    });
    if (counting.empty() || !own.empty()) counting.push_back(std::move(record));
    settled.merge(own);
  }
  records = std::move(counting);
}

}  // namespace peekr::index
