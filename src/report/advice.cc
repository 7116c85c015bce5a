// SPDX-License-Identifier: Apache-2.0
#include "report/advice.h"

#include <algorithm>
#include <map>
#include <set>

#include "model/upgrade.h"

namespace peekr {
namespace {

struct Names {
  std::set<std::string> plain, odd;
  std::size_t rows = 0;
};

}  // namespace

std::vector<Upgrade> upgrades(const Report& report, const std::vector<FindingGroup>& groups) {
  std::map<std::string, Names> by_type;
  for (const FindingGroup& group : groups) {
    for (const FindingRow& row : group.rows) {
      if (row.finding->fixed_in.empty()) continue;
      Names& names = by_type[group.type];
      ++names.rows;
      for (const std::size_t i : row.packages) {
        const std::string& name = report.inventory.packages[i].name;
        (is_plain(name) ? names.plain : names.odd).insert(name);
      }
    }
  }
  std::vector<Upgrade> all;
  for (auto& [type, names] : by_type) {
    all.push_back({.type = type,
                   .by_project = !has_upgrade_command(type),
                   .command = upgrade_command(type, report.inventory.packages),
                   .names = {names.plain.begin(), names.plain.end()},
                   .odd_names = names.odd.size(),
                   .rows = names.rows});
  }
  return all;
}

}  // namespace peekr
