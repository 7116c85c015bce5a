// SPDX-License-Identifier: Apache-2.0
// Hackage: numbers between dots (pvp.haskell.org).
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  return compare_number_lists(a, b, ".");
}

}  // namespace

namespace schemes {
extern const Scheme hackage;
constexpr Scheme hackage = {
    .name = "hackage", .about = "Haskell packages: numbers between dots", .compare = compare};
}  // namespace schemes
}  // namespace peekr
