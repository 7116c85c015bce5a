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

std::span<const Scheme* const> all_schemes() { return kAll; }

const Scheme* find_scheme(std::string_view name) {
  const auto found = std::ranges::find(kAll, name, [](const Scheme* row) { return row->name; });
  return found == std::end(kAll) ? nullptr : *found;
}

}  // namespace peekr
