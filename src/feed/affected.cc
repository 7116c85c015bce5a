// SPDX-License-Identifier: Apache-2.0
#include "feed/affected.h"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace peekr {
namespace {

// All but the architectures; of ranges the last event, which decides.
auto key(const Affected& one) {
  const Event* last =
      one.ranges.empty() || one.ranges[0].events.empty() ? nullptr : &one.ranges[0].events.back();
  using Text = std::string_view;
  using Texts = const std::vector<std::string>&;
  return std::tuple<Text, Text, KeyKind, Text, Standing, Text, Event::Kind, Text, Text, Texts, Texts>(
      one.ecosystem, one.package, one.key, one.module, one.standing, last == nullptr ? Text() : last->version,
      last == nullptr ? Event::Kind{} : last->kind, one.reason, one.urgency, one.versions, one.vectors);
}

void unite(std::vector<std::string>& arches, std::vector<std::string>&& more) {
  if (arches.empty() || more.empty()) return arches.clear();
  arches.insert(arches.end(), more.begin(), more.end());
  std::ranges::sort(arches);
  const auto twice = std::ranges::unique(arches);
  arches.erase(twice.begin(), twice.end());
}

}  // namespace

void merge_architectures(std::vector<Affected>& all) {
  std::ranges::stable_sort(all, [](const Affected& a, const Affected& b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kept > 0 && key(all[kept - 1]) == key(all[i])) {
      unite(all[kept - 1].arches, std::move(all[i].arches));
    } else {
      if (kept != i) all[kept] = std::move(all[i]);
      ++kept;
    }
  }
  all.resize(kept);
}

}  // namespace peekr
