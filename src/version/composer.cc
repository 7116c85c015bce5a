// SPDX-License-Identifier: Apache-2.0
// Composer: versions are normalised to four numbers and a stability (getcomposer.org/doc/articles/versions.md), then compared
// as PHP's version_compare() does: dev < alpha = a < beta = b < RC = rc < a number < pl = p = patch. A branch ("dev-main") is
// before every number.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

using Parts = std::vector<std::string>;

// Digits and letters apart; every other byte separates.
Parts split_runs(std::string_view text) {
  Parts parts;
  for (std::size_t i = 0; i < text.size();) {
    const bool digit = is_digit(text[i]);
    std::size_t end = i;
    while (end < text.size() && (digit ? is_digit(text[end]) : is_alpha(text[end]))) ++end;
    if (end > i) parts.emplace_back(text.substr(i, end - i));
    // "adev" is "a" and "dev".
    if (end > i + 3 && !digit && parts.back().ends_with("dev")) {
      parts.back().resize(end - i - 3);
      parts.emplace_back("dev");
    }
    i = std::max(end, i + 1);
  }
  return parts;
}

bool is_number(const std::string& part) { return is_digit(part.front()); }

// "v", what is behind "+", "@", " as " and "stable" mean nothing; up to four numbers in front are filled up to four: with
// zeros, in a branch ("1.2.x-dev") with what is above all numbers.
std::optional<Parts> parts_of(std::string_view text) {
  text = trim(text);
  text = text.substr(0, text.find(" as "));
  text = text.substr(0, text.find('@'));
  std::string spelled = lower(trim(text.substr(0, text.find('+'))));
  if (spelled.size() > 1 && spelled[0] == 'v' && is_digit(spelled[1])) spelled.erase(0, 1);
  if (spelled.empty()) return std::nullopt;
  if (spelled.starts_with("dev-")) return Parts{"branch", spelled.substr(4)};
  if (!is_digit(spelled[0])) return std::nullopt;
  Parts parts = split_runs(spelled);
  parts.erase(std::ranges::find(parts, "stable"), parts.end());
  const auto words = std::ranges::find_if(parts, [](const std::string& one) { return !is_number(one); });
  const auto numbers = static_cast<std::size_t>(words - parts.begin());
  const bool branch = words != parts.end() && *words == "x" && parts.back() == "dev";
  const auto behind = branch ? parts.erase(words, parts.end() - 1) : words;
  if (numbers < 4) parts.insert(behind, 4 - numbers, branch ? "9999999" : "0");
  return parts;
}

// A word is known by its beginning, as PHP has it: "alpha" by "a", "patch" by "p".
int rank(const std::string& part) {
  struct Form {
    std::string_view text;
    int rank;
  };
  constexpr std::array kForms = {Form{"dev", 0}, Form{"alpha", 1}, Form{"a", 1}, Form{"beta", 2},
                                 Form{"b", 2},   Form{"rc", 3},    Form{"c", 3}, Form{"pl", 5},
                                 Form{"p", 5},   Form{"patch", 5}};
  if (is_number(part)) return 4;
  const auto found = std::ranges::find_if(kForms, [&](const Form& form) { return part == form.text; });
  return found == kForms.end() ? -1 : found->rank;
}

std::strong_ordering compare_parts(const std::string& a, const std::string& b) {
  if (is_number(a) && is_number(b)) return compare_numbers(a, b);
  return rank(a) <=> rank(b);
}

// What one has left over: a number makes it later, a word is asked against a number.
std::strong_ordering leftover(const std::string& part) {
  return is_number(part) ? std::strong_ordering::greater : rank(part) <=> 4;
}

bool is_branch(const Parts& parts) { return parts.front() == "branch"; }

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const auto left = parts_of(a), right = parts_of(b);
  if (!left || !right) return std::nullopt;
  if (is_branch(*left) || is_branch(*right)) {
    if (is_branch(*left) && is_branch(*right)) return left->back() <=> right->back();
    return is_branch(*right) <=> is_branch(*left);
  }
  std::size_t i = 0;
  for (; i < left->size() && i < right->size(); ++i) {
    if (const auto order = compare_parts((*left)[i], (*right)[i]); order != 0) return order;
  }
  if (i < left->size()) return leftover((*left)[i]);
  if (i < right->size()) return 0 <=> leftover((*right)[i]);
  return std::strong_ordering::equal;
}

}  // namespace

namespace schemes {
extern const Scheme composer;
constexpr Scheme composer = {
    .name = "composer", .about = "PHP packages, as Composer orders them", .compare = compare};
}  // namespace schemes
}  // namespace peekr
