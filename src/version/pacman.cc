// SPDX-License-Identifier: Apache-2.0
// Arch Linux: [epoch:]version[-release], compared as libalpm's alpm_pkg_vercmp does (pacman, vercmp(8)): runs of digits and of
// letters in turn, digits by value and after letters. Unlike rpm, "~" and "^" are separators like any other, the number of
// separators counts, and releases are compared only where both have one.
#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

struct Parts {
  std::string_view epoch, version, release;
  bool has_release = false;
};

Parts parts_of(std::string_view text) {
  Parts parts{.epoch = "0", .version = text, .release = {}};
  std::string_view rest = text;
  const std::string_view digits = take_digits(rest);
  if (rest.starts_with(':')) {
    parts.epoch = digits.empty() ? "0" : digits;
    parts.version = rest.substr(1);
  }
  const std::size_t dash = parts.version.rfind('-');
  if (dash == std::string_view::npos) return parts;
  parts.release = parts.version.substr(dash + 1);
  parts.version = parts.version.substr(0, dash);
  parts.has_release = true;
  return parts;
}

std::string_view take(std::string_view& rest, bool (*belongs)(char)) {
  const std::string_view taken(rest.begin(), std::ranges::find_if_not(rest, belongs));
  rest.remove_prefix(taken.size());
  return taken;
}

bool is_separator(char c) { return !is_digit(c) && !is_alpha(c); }

// One is at its end. What the other has left wins, unless it is letters.
std::strong_ordering leftover(std::string_view a, std::string_view b) {
  if (a.empty() && b.empty()) return std::strong_ordering::equal;
  const bool left_wins = a.empty() ? is_alpha(b.front()) : !is_alpha(a.front());
  return left_wins ? std::strong_ordering::greater : std::strong_ordering::less;
}

std::strong_ordering compare_runs(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::size_t left_gap = take(a, is_separator).size(), right_gap = take(b, is_separator).size();
    if (a.empty() || b.empty()) break;
    if (left_gap != right_gap) return left_gap <=> right_gap;
    const bool number = is_digit(a.front());
    if (number != is_digit(b.front()))
      return number ? std::strong_ordering::greater : std::strong_ordering::less;
    const std::string_view left = take(a, number ? is_digit : is_alpha),
                           right = take(b, number ? is_digit : is_alpha);
    const auto order = number ? compare_numbers(left, right) : left <=> right;
    if (order != 0) return order;
  }
  return leftover(a, b);
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return std::nullopt;
  const Parts left = parts_of(a), right = parts_of(b);
  if (const auto order = compare_numbers(left.epoch, right.epoch); order != 0) return order;
  if (const auto order = compare_runs(left.version, right.version); order != 0) return order;
  if (!left.has_release || !right.has_release) return std::strong_ordering::equal;
  return compare_runs(left.release, right.release);
}

}  // namespace

namespace schemes {
extern const Scheme pacman;
constexpr Scheme pacman = {
    .name = "pacman", .about = "Arch Linux packages, as pacman orders them", .compare = compare};
}  // namespace schemes
}  // namespace peekr
