// SPDX-License-Identifier: Apache-2.0
#include "report/reporter.h"

#include <algorithm>

#include "base/text.h"

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

std::vector<std::string> sort_names() { return {"risk", "severity", "epss", "kev", "package", "fix"}; }

std::optional<Sort> sort_named(std::string_view name) {
  const std::vector<std::string> names = sort_names();
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Sort>(found - names.begin());
}

const Reporter* find_reporter(std::string_view format) {
  const std::string_view name = cut(format, '@').first, version = version_of(format);
  const auto found = std::ranges::find_if(kAll, [name](const Reporter* row) {
    return row->name == name || (!name.empty() && row->alias == name);
  });
  if (found == std::end(kAll)) return nullptr;
  const auto& versions = (*found)->versions;
  const bool known = name.size() == format.size() || std::ranges::find(versions, version) != versions.end();
  return known ? *found : nullptr;
}

std::string_view version_of(std::string_view format) { return cut(format, '@').second; }

}  // namespace peekr
