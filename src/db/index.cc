// SPDX-License-Identifier: Apache-2.0
#include "db/index.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "db/db.h"
#include "db/record.h"
#include "db/tables.h"

namespace peekr::index {

std::map<std::string, Row> rows(const Advisory& advisory) {
  std::map<std::string, Row> rows;
  if (!advisory.withdrawn.empty()) return rows;
  std::map<std::pair<std::string_view, std::string>, std::vector<const Affected*>> by_package;
  for (const Affected& one : advisory.affected) {
    if (one.package.empty() || one.ecosystem.empty()) continue;
    by_package[{one.ecosystem, normalised_name(one.ecosystem, one.package)}].push_back(&one);
  }
  for (const auto& [package, list] : by_package) {
    const auto& [ecosystem, name] = package;
    rows.emplace(tables::key({ecosystem, name, advisory.id}),
                 Row{ecosystem, name, record::encode(advisory.id, list)});
  }
  return rows;
}

std::set<std::string> names(const Advisory& advisory) {
  std::set<std::string> names = {lower(advisory.id)}, keys;
  for (const auto* list : {&advisory.aliases, &advisory.upstream}) {
    for (const std::string& one : *list) names.insert(lower(one));
  }
  for (const std::string& one : names) keys.insert(tables::key({one, advisory.id}));
  return keys;
}

bool later(std::string_view a, std::string_view b) {
  if (a.ends_with('Z')) a.remove_suffix(1);
  if (b.ends_with('Z')) b.remove_suffix(1);
  return a > b;
}

bool supersedes(std::string_view modified, std::string_view other) {
  if (modified.empty() || other.empty()) return modified.empty() && !other.empty();
  return later(modified, other);
}

}  // namespace peekr::index
