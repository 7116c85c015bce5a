// SPDX-License-Identifier: Apache-2.0
#include "report/reporter.h"

#include <algorithm>
#include <array>

namespace peekr {
namespace reporters {
#define REPORTER(row) extern const Reporter row;
#include "report/reporters.def"
#undef REPORTER
}  // namespace reporters

namespace {
constexpr const Reporter* kAll[] = {
#define REPORTER(row) &reporters::row,
#include "report/reporters.def"
#undef REPORTER
};
}  // namespace

std::span<const Reporter* const> all_reporters() { return kAll; }

std::optional<Sort> sort_named(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {"risk", "severity", "epss", "kev", "package", "fix"};
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Sort>(found - kNames.begin());
}

const Reporter* find_reporter(std::string_view name) {
  const auto found = std::ranges::find(kAll, name, [](const Reporter* row) { return row->name; });
  return found == std::end(kAll) ? nullptr : *found;
}

}  // namespace peekr
