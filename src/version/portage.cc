// SPDX-License-Identifier: Apache-2.0
// Gentoo: number{.number}{letter}{_suffix{number}}{-rN}, ordered as the Package Manager Specification says (PMS 8, 3.2 and 3.3).
// Numbers first: the first by value; of the others a pair of which one begins with 0 as text without zeros at its end, any other
// pair by value; then the count of them (12.2 < 12.2.0). Then the letter, the suffixes, the revision.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

// In their order; no suffix is between the last two.
constexpr std::array<std::string_view, 5> kSuffixes = {"alpha", "beta", "pre", "rc", "p"};
constexpr std::size_t kRelease = 4, kPatch = 5;

struct Suffix {
  std::size_t rank = kRelease;
  std::string_view number;
};

struct Version {
  std::vector<std::string_view> numbers;
  std::string_view letter;  // one or none
  std::vector<Suffix> suffixes;
  std::string_view revision;
};

bool read_suffix(std::string_view& rest, Version& out) {
  for (std::size_t i = 0; i < kSuffixes.size(); ++i) {
    // "p" last: it begins "pre", too.
    if (!rest.starts_with(kSuffixes[i])) continue;
    rest.remove_prefix(kSuffixes[i].size());
    out.suffixes.push_back({i < kRelease ? i : kPatch, take_digits(rest)});
    return true;
  }
  return false;
}

std::optional<Version> parse(std::string_view rest) {
  Version out;
  do {
    if (!out.numbers.empty()) rest.remove_prefix(1);
    out.numbers.push_back(take_digits(rest));
    if (out.numbers.back().empty()) return std::nullopt;
  } while (rest.starts_with('.'));
  if (!rest.empty() && rest[0] >= 'a' && rest[0] <= 'z') {
    out.letter = rest.substr(0, 1);
    rest.remove_prefix(1);
  }
  while (rest.starts_with('_')) {
    rest.remove_prefix(1);
    if (!read_suffix(rest, out)) return std::nullopt;
  }
  if (rest.starts_with("-r")) {
    rest.remove_prefix(2);
    out.revision = take_digits(rest);
    if (out.revision.empty()) return std::nullopt;
  }
  if (!rest.empty()) return std::nullopt;
  return out;
}

std::string_view without_zeros_at_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of('0') + 1);
}

std::strong_ordering compare_component(std::string_view a, std::string_view b) {
  if (a.front() != '0' && b.front() != '0') return compare_numbers(a, b);
  return without_zeros_at_end(a) <=> without_zeros_at_end(b);
}

std::strong_ordering compare_components(const Version& a, const Version& b) {
  if (const auto order = compare_numbers(a.numbers[0], b.numbers[0]); order != 0) return order;
  for (std::size_t i = 1; i < a.numbers.size() && i < b.numbers.size(); ++i) {
    if (const auto order = compare_component(a.numbers[i], b.numbers[i]); order != 0) return order;
  }
  return a.numbers.size() <=> b.numbers.size();
}

std::strong_ordering compare_suffixes(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < std::max(a.suffixes.size(), b.suffixes.size()); ++i) {
    const Suffix left = i < a.suffixes.size() ? a.suffixes[i] : Suffix{};
    const Suffix right = i < b.suffixes.size() ? b.suffixes[i] : Suffix{};
    if (left.rank != right.rank) return left.rank <=> right.rank;
    if (const auto order = compare_numbers(left.number, right.number); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const auto left = parse(a), right = parse(b);
  if (!left || !right) return std::nullopt;
  if (const auto order = compare_components(*left, *right); order != 0) return order;
  if (left->letter != right->letter) return left->letter <=> right->letter;
  if (const auto order = compare_suffixes(*left, *right); order != 0) return order;
  return compare_numbers(left->revision, right->revision);
}

}  // namespace

namespace schemes {
extern const Scheme portage;
constexpr Scheme portage = {.name = "portage",
                            .about = "Gentoo packages, as the Package Manager Specification orders them",
                            .compare = compare};
}  // namespace schemes
}  // namespace peekr
