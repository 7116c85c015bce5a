// SPDX-License-Identifier: Apache-2.0
// RubyGems, as Gem::Version compares (docs.ruby-lang.org/en/master/Gem/Version.html): runs of digits and of letters; "-" is
// ".pre."; letters come before numbers, a missing part is 0, and zeros at the end of the numbers and of the rest do not count.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

using Segments = std::vector<std::string>;

bool is_number(std::string_view text) { return is_digit(text.front()); }
bool is_zero(const std::string& text) { return is_number(text) && compare_numbers(text, "0") == 0; }

void drop_zeros(Segments& segments, std::size_t from) {
  while (segments.size() > from && is_zero(segments.back())) segments.pop_back();
}

// As RubyGems, and "1beta", which it rejects and records have: digits letters?(.[digits, letters])*(-[digits, letters, -](.[digits, letters, -])*)?
bool is_version(std::string_view text) {
  take_digits(text);
  bool part = true, pre = false;  // whether the part at hand has anything in it; whether a dash was there
  for (const char c : text) {
    if (c == '.') {
      if (!part) return false;
      part = false;
    } else if (c == '-' && !pre) {
      if (!part) return false;
      pre = true;
      part = false;
    } else if (is_digit(c) || is_alpha(c) || c == '-') {
      part = true;
    } else {
      return false;
    }
  }
  return part;
}

// "1.2.0-x86_64-linux": what a gem was built for is no part of its version.
std::string_view without_platform(std::string_view text) {
  constexpr std::array<std::string_view, 12> kPlatforms = {"x86",    "aarch64", "arm",   "java",
                                                           "jruby",  "mswin",   "mingw", "universal",
                                                           "darwin", "linux",   "x64",   "powerpc"};
  for (std::size_t dash = text.find('-'); dash != std::string_view::npos; dash = text.find('-', dash + 1)) {
    const std::string_view rest = text.substr(dash + 1);
    if (std::ranges::any_of(kPlatforms, [&](std::string_view one) { return rest.starts_with(one); }))
      return text.substr(0, dash);
  }
  return text;
}

Segments segments_of(std::string_view text) {
  std::string spelled;
  for (const char c : text) spelled += c == '-' ? std::string(".pre.") : std::string(1, c);
  Segments all;
  bool letters = false;  // seen so far: the rest begins with the first word
  for (std::size_t i = 0; i < spelled.size();) {
    const bool digit = is_digit(spelled[i]);
    std::size_t end = i;
    while (end < spelled.size() && (digit ? is_digit(spelled[end]) : is_alpha(spelled[end]))) ++end;
    if (end == i) {
      ++i;
      continue;
    }
    if (!digit && !letters) drop_zeros(all, 0);
    letters = letters || !digit;
    all.push_back(spelled.substr(i, end - i));
    i = end;
  }
  const auto first = std::ranges::find_if(all, [](const std::string& one) { return !is_number(one); });
  drop_zeros(all, letters ? static_cast<std::size_t>(first - all.begin()) : 0);
  return all;
}

std::strong_ordering compare_segments(std::string_view a, std::string_view b) {
  if (is_number(a) != is_number(b)) return is_number(a) <=> is_number(b);
  return is_number(a) ? compare_numbers(a, b) : a <=> b;
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  a = without_platform(trim(a));
  b = without_platform(trim(b));
  if (a.empty() || b.empty() || !is_digit(a[0]) || !is_digit(b[0])) return std::nullopt;
  if (!is_version(a) || !is_version(b)) return std::nullopt;
  const Segments left = segments_of(a), right = segments_of(b);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string_view x = i < left.size() ? std::string_view(left[i]) : "0";
    const std::string_view y = i < right.size() ? std::string_view(right[i]) : "0";
    if (const auto order = compare_segments(x, y); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace

namespace schemes {
extern const Scheme gem;
constexpr Scheme gem = {.name = "gem", .about = "Ruby gems, as RubyGems orders them", .compare = compare};
}  // namespace schemes
}  // namespace peekr
