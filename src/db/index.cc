// SPDX-License-Identifier: Apache-2.0
#include "db/index.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

#include "base/date.h"
#include "base/text.h"
#include "db/tables.h"

namespace peekr::index {

namespace {

struct Named {
  std::string_view ecosystem, name;  // its key form
  std::size_t affected;              // its number
};

std::pair<std::string_view, std::string_view> package_of(const Named& one) {
  return {one.ecosystem, one.name};
}

// By package, and those of one in their order. forms: keeps what the names are views of.
std::vector<Named> by_package(const Advisory& advisory, std::vector<std::string>& forms) {
  std::vector<Named> all;
  all.reserve(advisory.affected.size());
  forms.reserve(advisory.affected.size());
  for (std::size_t i = 0; i < advisory.affected.size(); ++i) {
    const Affected& one = advisory.affected[i];
    if (one.package.empty() || one.ecosystem.empty()) continue;
    const bool kept = keeps_names(one.ecosystem);
    if (!kept) forms.push_back(normalised_name(one.ecosystem, one.package));
    all.push_back({one.ecosystem, kept ? one.package : forms.back(), i});
  }
  if (!std::ranges::is_sorted(all, {}, package_of)) std::ranges::stable_sort(all, {}, package_of);
  return all;
}

}  // namespace

Status each_row(const Advisory& advisory, const record::Encoded& encoded,
                const std::function<Status(const Row&)>& use) {
  if (!advisory.withdrawn.empty()) return {};
  std::vector<std::string> forms;
  const std::vector<Named> all = by_package(advisory, forms);
  std::vector<std::size_t> list;
  Row row;
  for (auto from = all.begin(); from != all.end();) {
    list.clear();
    auto to = from;
    for (; to != all.end() && package_of(*to) == package_of(*from); ++to) list.push_back(to->affected);
    tables::write_key({from->ecosystem, from->name, advisory.id}, row.key);
    row.ecosystem = from->ecosystem;
    row.name = from->name;
    record::encode_row(advisory, encoded, list, row.bytes);
    TRY(use(row));
    from = to;
  }
  return {};
}

Status each_name(const Advisory& advisory, const std::function<Status(std::string_view key)>& use) {
  std::string key;
  const auto use_name = [&](const std::string& name) {
    tables::write_key({lower(name), advisory.id}, key);
    return use(key);
  };
  TRY(use_name(advisory.id));
  for (const auto* list : {&advisory.aliases, &advisory.upstream}) {
    for (const std::string& one : *list) TRY(use_name(one));
  }
  return {};
}

std::vector<Row> rows(const Advisory& advisory) {
  std::vector<Row> rows;
  record::Encoded encoded;
  record::encode(advisory, encoded);
  const Status all = each_row(advisory, encoded, [&](const Row& row) {
    rows.push_back(row);
    return Status{};
  });
  assert(all);
  std::ranges::sort(rows, {}, &Row::key);
  const auto twice = std::ranges::unique(rows, {}, &Row::key);
  rows.erase(twice.begin(), twice.end());
  return rows;
}

std::vector<std::string> names(const Advisory& advisory) {
  std::vector<std::string> names;
  const Status all = each_name(advisory, [&](std::string_view key) {
    names.emplace_back(key);
    return Status{};
  });
  assert(all);
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
