// SPDX-License-Identifier: Apache-2.0
// Versions that are dates: ca-certificates 20230311, tzdata 2023c, MinIO RELEASE.2023-03-20T20-16-18Z, yt-dlp 2023.03.04. Numbers
// and words in turn, whatever stands between them; of two that begin alike the longer is later. 20230320 is 2023-03-20, and so
// are the hours of 20230320201618. What does not begin with a year (behind a word at most) is no date: 1.2.3 is not one.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

using Parts = std::vector<std::string_view>;

bool is_year(std::string_view digits) {
  return digits.size() == 4 && (digits[0] == '1' || digits[0] == '2') && digits >= "1970";
}

// "20230320201618" by twos behind the year; false where it is no date.
bool read_compact(std::string_view digits, Parts& parts) {
  if (digits.size() < 8 || digits.size() > 14 || digits.size() % 2 != 0 || !is_year(digits.substr(0, 4)))
    return false;
  if (digits.substr(4, 2) > "12" || digits.substr(6, 2) > "31") return false;
  parts.push_back(digits.substr(0, 4));
  for (std::size_t i = 4; i < digits.size(); i += 2) parts.push_back(digits.substr(i, 2));
  return true;
}

std::string_view take_word(std::string_view& rest) {
  const std::string_view word(rest.begin(), std::ranges::find_if_not(rest, is_alpha));
  rest.remove_prefix(word.size());
  return word;
}

// The "t" between date and time and the "z" behind it are no words.
bool is_mark(std::string_view word, const Parts& parts) {
  return parts.size() >= 3 && (word == "t" || word == "z");
}

std::optional<Parts> parse(std::string_view rest) {
  Parts parts;
  while (!rest.empty()) {
    if (is_digit(rest[0])) {
      const std::string_view digits = take_digits(rest);
      if (!parts.empty() || is_year(digits)) {
        parts.push_back(digits);
      } else if (!read_compact(digits, parts)) {
        return std::nullopt;
      }
    } else if (const std::string_view word = take_word(rest); word.empty()) {
      rest.remove_prefix(1);
    } else if (!parts.empty() && !is_mark(word, parts)) {
      parts.push_back(word);
    }
  }
  if (parts.empty()) return std::nullopt;
  return parts;
}

// A word is before a number: 2023c < 2023-01.
std::strong_ordering compare_part(std::string_view a, std::string_view b) {
  if (is_digit(a[0]) != is_digit(b[0])) return is_digit(a[0]) <=> is_digit(b[0]);
  return is_digit(a[0]) ? compare_numbers(a, b) : a <=> b;
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const std::string left_text = lower(a), right_text = lower(b);
  const auto left = parse(left_text), right = parse(right_text);
  if (!left || !right) return std::nullopt;
  for (std::size_t i = 0; i < left->size() && i < right->size(); ++i) {
    if (const auto order = compare_part((*left)[i], (*right)[i]); order != 0) return order;
  }
  return left->size() <=> right->size();
}

}  // namespace

namespace schemes {
extern const Scheme date;
constexpr Scheme date = {
    .name = "date", .about = "versions that are dates: 20230311, 2023c", .compare = compare};
}  // namespace schemes
}  // namespace peekr
