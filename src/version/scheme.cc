// SPDX-License-Identifier: Apache-2.0
#include "version/scheme.h"

#include <algorithm>

namespace peekr {
namespace schemes {
#define SCHEME(row) extern const Scheme row;
#include "version/schemes.def"
#undef SCHEME
}  // namespace schemes

namespace {
constexpr const Scheme* kAll[] = {
#define SCHEME(row) &schemes::row,
#include "version/schemes.def"
#undef SCHEME
};
}  // namespace

std::optional<std::strong_ordering> against_bound(const Scheme& scheme, std::string_view version,
                                                  std::string_view bound) {
  const bool any_build = scheme.local && bound.find('+') == std::string_view::npos;
  return scheme.compare(any_build ? version.substr(0, version.find('+')) : version, bound);
}

std::span<const Scheme* const> all_schemes() { return kAll; }

const Scheme* find_scheme(std::string_view name) {
  const auto found = std::ranges::find(kAll, name, [](const Scheme* row) { return row->name; });
  return found == std::end(kAll) ? nullptr : *found;
}

}  // namespace peekr
