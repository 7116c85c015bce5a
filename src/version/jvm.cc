// SPDX-License-Identifier: Apache-2.0
// Java runtimes. Since 9: numbers{-pre-release}{+build} (openjdk.org/jeps/223, 322). Before: "1.8.0_131-b11", also "8u131" and
// "1.8.0-update131", which is 8.0.131 here; "-ea" is a pre-release in both. Builds ("-b11", "+9-LTS") do not count, zeros at
// the end neither: 17 = 17.0.0.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"
#include "version/semver.h"

namespace peekr {
namespace {

struct Version {
  std::vector<std::string_view> numbers;
  std::string_view pre;  // empty: a release
};

// A build of old ("b11") or what a vendor calls one of long support is no pre-release.
bool is_build(std::string_view word) {
  if (word == "lts") return true;
  return word.size() > 1 && word[0] == 'b' && std::ranges::all_of(word.substr(1), is_digit);
}

// "_131", "u131", "-update131": the third number.
bool read_update(std::string_view& rest, Version& out) {
  for (const std::string_view word : {"_", "u", "-update"}) {
    if (!rest.starts_with(word) || rest.size() == word.size() || !is_digit(rest[word.size()])) continue;
    rest.remove_prefix(word.size());
    if (out.numbers.size() > 2) out.numbers.resize(2);
    out.numbers.resize(2, "0");
    out.numbers.push_back(take_digits(rest));
    return true;
  }
  return false;
}

std::optional<Version> parse(std::string_view rest) {
  Version out;
  rest = rest.substr(0, rest.find('+'));
  do {
    if (!out.numbers.empty()) rest.remove_prefix(1);
    out.numbers.push_back(take_digits(rest));
    if (out.numbers.back().empty()) return std::nullopt;
  } while (rest.starts_with('.'));
  const bool old = out.numbers.size() > 1 && compare_numbers(out.numbers[0], "1") == 0;
  if (old) out.numbers.erase(out.numbers.begin());
  read_update(rest, out);
  if (rest.empty()) return out;
  if (rest[0] != '-') return std::nullopt;
  const std::string_view word = cut(rest.substr(1), '-').first;
  if (!is_build(word)) out.pre = word;
  return out;
}

std::strong_ordering compare_lists(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < std::max(a.numbers.size(), b.numbers.size()); ++i) {
    const std::string_view left = i < a.numbers.size() ? a.numbers[i] : "";
    const std::string_view right = i < b.numbers.size() ? b.numbers[i] : "";
    if (const auto order = compare_numbers(left, right); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const std::string left_text = lower(trim(a)), right_text = lower(trim(b));
  const auto left = parse(left_text), right = parse(right_text);
  if (!left || !right) return std::nullopt;
  if (const auto order = compare_lists(*left, *right); order != 0) return order;
  return semver::compare_pre(left->pre, right->pre);
}

}  // namespace

namespace schemes {
extern const Scheme jvm;
constexpr Scheme jvm = {.name = "jvm", .about = "Java runtimes: 17.0.9+9, 1.8.0_392-b08", .compare = compare};
}  // namespace schemes
}  // namespace peekr
