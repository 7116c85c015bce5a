// SPDX-License-Identifier: Apache-2.0
#include "report/advice.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace peekr {
namespace {

struct Tool {
  std::string_view type;     // purl type of what it upgrades
  std::string_view package;  // that it comes in
  std::string_view command;
};
// The first one that is in the image is what its distribution means to be used.
constexpr Tool kTools[] = {
    {"deb", "apt", "apt-get update && apt-get install -y --only-upgrade"},
    {"apk", "apk-tools", "apk upgrade --no-cache"},
    {"opkg", "opkg", "opkg update && opkg upgrade"},
    {"rpm", "tdnf", "tdnf upgrade -y"},
    {"rpm", "zypper", "zypper --non-interactive update"},
    {"rpm", "dnf5", "dnf5 upgrade -y"},
    {"rpm", "dnf", "dnf upgrade -y"},
    {"rpm", "microdnf", "microdnf upgrade -y"},
    {"rpm", "yum", "yum upgrade -y"},
};

std::string command_for(std::string_view type, const std::vector<Package>& packages) {
  for (const Tool& tool : kTools) {
    const auto is_it = [&](const Package& p) { return p.type == type && p.name == tool.package; };
    if (tool.type == type && std::ranges::any_of(packages, is_it)) return std::string(tool.command);
  }
  return {};
}

// A letter or digit, then those and ".+_-": what all three package formats allow, and what no shell expands.
bool is_plain(std::string_view name) {
  const auto plain = [](char c) {
    return is_alpha(c) || is_digit(c) || c == '.' || c == '+' || c == '_' || c == '-';
  };
  return !name.empty() && (is_alpha(name.front()) || is_digit(name.front())) &&
         std::ranges::all_of(name, plain);
}

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
    all.push_back(
        {.type = type,
         .by_project = std::ranges::none_of(kTools, [&](const Tool& tool) { return tool.type == type; }),
         .command = command_for(type, report.inventory.packages),
         .names = {names.plain.begin(), names.plain.end()},
         .odd_names = names.odd.size(),
         .rows = names.rows});
  }
  return all;
}

}  // namespace peekr
