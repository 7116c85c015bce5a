// SPDX-License-Identifier: Apache-2.0
#include "version/semver.h"

#include <algorithm>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace semver {
namespace {

bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

std::string_view next_part(std::string_view& rest) {
  const std::size_t dot = rest.find('.');
  const std::string_view part = rest.substr(0, dot);
  rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  return part;
}

std::strong_ordering compare_identifiers(std::string_view a, std::string_view b) {
  const bool left = all_digits(a), right = all_digits(b);
  if (left && right) return compare_numbers(a, b);
  if (left != right) return left ? std::strong_ordering::less : std::strong_ordering::greater;
  return a <=> b;
}

}  // namespace

std::optional<Version> parse(std::string_view text) {
  text = trim(text);
  while (text.starts_with('=') || text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  text = trim(text);
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  Version version;
  const std::size_t plus = text.find('+');
  if (plus != std::string_view::npos) version.build = text.substr(plus + 1);
  text = text.substr(0, plus);
  std::size_t end = 0;
  for (;;) {
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end + 1 >= text.size() || text[end] != '.' || !is_digit(text[end + 1])) break;
    ++end;
  }
  version.numbers = text.substr(0, end);
  version.pre = text.substr(end);
  if (version.pre.starts_with('-') || version.pre.starts_with('.')) version.pre.remove_prefix(1);
  return version;
}

std::strong_ordering compare_dotted(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::string_view left = next_part(a), right = next_part(b);
    if (const auto order = compare_numbers(left, right); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_pre(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() <=> b.empty();
  while (!a.empty() && !b.empty()) {
    const std::string_view left = next_part(a), right = next_part(b);
    if (const auto order = compare_identifiers(left, right); order != 0) return order;
  }
  return b.empty() <=> a.empty();
}

std::strong_ordering compare(const Version& a, const Version& b) {
  const auto order = compare_dotted(a.numbers, b.numbers);
  return order != 0 ? order : compare_pre(a.pre, b.pre);
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const auto left = parse(a), right = parse(b);
  if (!left || !right) return std::nullopt;
  return compare(*left, *right);
}

}  // namespace semver

namespace schemes {
extern const Scheme semver;
constexpr Scheme semver = {.name = "semver",
                           .about = "Semantic Versioning 2.0: npm, crates.io, Hex, Swift",
                           .compare = semver::compare};
}  // namespace schemes
}  // namespace peekr
