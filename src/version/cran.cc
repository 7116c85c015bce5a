// SPDX-License-Identifier: Apache-2.0
// CRAN: numbers between "." and "-", by value; of two that begin alike the longer is later
// (R, package_version). "0.1.0.0" is after "0.1.0".
#include <algorithm>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

constexpr std::string_view kSeparators = ".-";

bool is_version(std::string_view text) {
  bool digit = false;
  for (const char c : text) {
    if (!is_digit(c) && (!digit || kSeparators.find(c) == std::string_view::npos)) return false;
    digit = is_digit(c);
  }
  return digit;
}

// Both end in a number and have one between any two separators, see is_version().
std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  if (!is_version(a) || !is_version(b)) return std::nullopt;
  for (;;) {
    if (const auto order = compare_numbers(take_digits(a), take_digits(b)); order != 0) return order;
    if (a.empty() || b.empty()) return b.empty() <=> a.empty();
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
}

}  // namespace

namespace schemes {
extern const Scheme cran;
constexpr Scheme cran = {.name = "cran", .about = "R packages: numbers between dots and dashes", .compare = compare};
}  // namespace schemes
}  // namespace peekr
