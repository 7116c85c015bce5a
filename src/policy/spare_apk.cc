// SPDX-License-Identifier: Apache-2.0
// apk keeps what it was asked for (etc/apk/world), what that needs, and what comes of itself where others are; at each change it takes
// out all else. So with a tool goes what only the tool needed.
#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "policy/needs.h"
#include "policy/spare.h"

namespace peekr {
namespace {

using Set = std::set<std::size_t>;

// What comes of itself makes others come: real packages know two rounds.
constexpr int kMostRounds = 16;

bool is_apk(const Package& package) { return package.type == "apk" && is_of_system(package); }

bool comes(const Package& package, const PackageIndex& answers, const Set& there) {
  return !package.comes_with.empty() && std::ranges::all_of(package.comes_with, [&](const std::string& name) {
    const auto found = answers.find(name);
    return found != answers.end() &&
           std::ranges::any_of(found->second, [&](std::size_t i) { return there.contains(i); });
  });
}

// All that is there when it was asked for these.
std::optional<Set> held(const std::vector<Package>& packages, const Set& asked, OfSeveral which) {
  const PackageIndex answers = by_answer(packages, "apk");
  Set there = asked;
  for (int round = 0; round < kMostRounds; ++round) {
    there = with_needs(packages, answers, {there.begin(), there.end()}, which);
    const std::size_t before = there.size();
    for (std::size_t i = 0; i < packages.size(); ++i) {
      if (is_apk(packages[i]) && !there.contains(i) && comes(packages[i], answers, there)) there.insert(i);
    }
    if (there.size() == before) return there;
  }
  return std::nullopt;
}

// Nothing: what one of several could do is needed, and which of them apk keeps for it is not known.
std::optional<Set> certainly_held(const std::vector<Package>& packages, const Set& asked) {
  std::optional<Set> most = held(packages, asked, OfSeveral::all);
  return most && most == held(packages, asked, OfSeveral::none) ? most : std::nullopt;
}

// A library that is linked is declared as needed ("so:..."): apk's packages are made so. Data is used without anybody's saying so.
bool has_libraries_only(const Package& package) {
  return std::ranges::all_of(package.files, [](std::string_view file) {
    return (file.starts_with("lib/") || file.starts_with("usr/lib/")) && file.contains(".so") &&
           std::ranges::count(file, '/') == (file.starts_with("lib/") ? 1 : 2);
  });
}

// What an executable needs that is no package's nobody has declared. Where none was seen, they were not looked at: apk is one.
bool all_is_declared(const Report& report) {
  const Completeness& seen = report.inventory.completeness;
  return seen.executables > 0 && seen.owned == seen.executables &&
         std::ranges::none_of(report.image.layers, &LayerInfo::partial);
}

}  // namespace

std::optional<Set> gone_with(const Report& report, const Spare& spare, const Set& tools) {
  const std::vector<Package>& packages = report.inventory.packages;
  if (!all_is_declared(report)) return std::nullopt;
  Set all, asked, rest;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (!is_apk(packages[i])) continue;
    all.insert(i);
    if (packages[i].asked) asked.insert(i);
  }
  std::ranges::set_difference(asked, tools, std::inserter(rest, rest.end()));
  const std::optional<Set> now = certainly_held(packages, asked), then = certainly_held(packages, rest);
  if (!now || !then || *now != all) return std::nullopt;  // there is what peekr cannot explain
  Set gone;
  std::ranges::set_difference(all, *then, std::inserter(gone, gone.end()));
  const Set may(spare.packages.begin(), spare.packages.end());
  const bool certain = std::ranges::includes(gone, tools) && std::ranges::all_of(gone, [&](std::size_t i) {
                         return may.contains(i) || has_libraries_only(packages[i]);
                       });
  return certain ? std::optional(std::move(gone)) : std::nullopt;
}

}  // namespace peekr
