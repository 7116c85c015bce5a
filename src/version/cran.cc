// SPDX-License-Identifier: Apache-2.0
// CRAN: numbers between "." and "-" (R, package_version): 0.9 < 0.75, 0.1.0 < 0.1.0.0.
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  return compare_number_lists(a, b, ".-");
}

}  // namespace

namespace schemes {
extern const Scheme cran;
constexpr Scheme cran = {
    .name = "cran", .about = "R packages: numbers between dots and dashes", .compare = compare};
}  // namespace schemes
}  // namespace peekr
