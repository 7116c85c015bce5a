// SPDX-License-Identifier: Apache-2.0
// Python: [N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local] (packaging.python.org, "Version specifiers", once PEP 440), with all the
// spellings that are normalised there ("1.0-Beta.2", "v1.0-1", "1.0c1"). What does not fit is no version.
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

constexpr int kNoPre = 3;       // after a, b, rc
constexpr int kBeforeAll = -1;  // a development release of no pre-release

struct Version {
  std::string_view epoch;
  std::vector<std::string_view> release;  // without zeros at its end
  int pre = kNoPre;
  std::string_view pre_number, post_number, dev_number;
  bool post = false, dev = false;
  std::vector<std::string_view> local;
};

bool is_separator(char c) { return c == '.' || c == '-' || c == '_'; }

struct Word {
  std::string_view text;
  int value;
};
constexpr std::array kPre = {Word{"alpha", 0}, Word{"beta", 1}, Word{"preview", 2}, Word{"pre", 2},
                             Word{"rc", 2},    Word{"a", 0},    Word{"b", 1},       Word{"c", 2}};
constexpr std::array kPost = {Word{"post", 0}, Word{"rev", 0}, Word{"r", 0}};
constexpr std::array kDev = {Word{"dev", 0}};

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  bool parse(Version& out) {
    if (rest_.starts_with('v')) rest_.remove_prefix(1);
    if (!release(out)) return false;
    if (const int which = word(kPre, out.pre_number); which >= 0) out.pre = which;
    out.post = word(kPost, out.post_number) >= 0 || dashed_post(out);
    out.dev = word(kDev, out.dev_number) >= 0;
    if (out.dev && !out.post && out.pre == kNoPre) out.pre = kBeforeAll;
    return rest_.empty() || (rest_.starts_with('+') && local(out));
  }

 private:
  bool release(Version& out) {
    std::string_view digits = take_digits(rest_);
    if (!digits.empty() && rest_.starts_with('!')) {
      out.epoch = digits;
      rest_.remove_prefix(1);
      digits = take_digits(rest_);
    }
    if (digits.empty()) return false;
    out.release.push_back(digits);
    while (rest_.size() > 1 && rest_[0] == '.' && is_digit(rest_[1])) {
      rest_.remove_prefix(1);
      out.release.push_back(take_digits(rest_));
    }
    while (!out.release.empty() && compare_numbers(out.release.back(), "0") == 0) out.release.pop_back();
    return true;
  }

  // A word of the table, with a separator before and behind it or not, and its number. -1, and nothing taken: none.
  template <std::size_t N>
  int word(const std::array<Word, N>& table, std::string_view& number) {
    std::string_view rest = rest_;
    if (!rest.empty() && is_separator(rest[0])) rest.remove_prefix(1);
    for (const Word& one : table) {
      if (!rest.starts_with(one.text)) continue;
      rest.remove_prefix(one.text.size());
      if (!rest.empty() && is_separator(rest[0]))
        rest.remove_prefix(1);  // also without a number: "1.0a." is 1.0a0
      number = take_digits(rest);
      rest_ = rest;
      return one.value;
    }
    return -1;
  }

  // "1.0-1" is 1.0.post1.
  bool dashed_post(Version& out) {
    if (rest_.size() < 2 || rest_[0] != '-' || !is_digit(rest_[1])) return false;
    rest_.remove_prefix(1);
    out.post_number = take_digits(rest_);
    return true;
  }

  bool local(Version& out) {
    rest_.remove_prefix(1);
    for (std::size_t start = 0, i = 0; i <= rest_.size(); ++i) {
      if (i < rest_.size() && !is_separator(rest_[i])) {
        if (!is_digit(rest_[i]) && !is_alpha(rest_[i])) return false;
        continue;
      }
      if (i == start) return false;
      out.local.push_back(rest_.substr(start, i - start));
      start = i + 1;
    }
    return true;
  }

  std::string_view rest_;
};

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::strong_ordering compare_local(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < a.local.size() && i < b.local.size(); ++i) {
    const std::string_view left = a.local[i], right = b.local[i];
    if (is_number(left) != is_number(right)) return is_number(left) <=> is_number(right);
    const auto order = is_number(left) ? compare_numbers(left, right) : left <=> right;
    if (order != 0) return order;
  }
  return a.local.size() <=> b.local.size();
}

std::strong_ordering compare_release(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < a.release.size() && i < b.release.size(); ++i) {
    if (const auto order = compare_numbers(a.release[i], b.release[i]); order != 0) return order;
  }
  return a.release.size() <=> b.release.size();
}

std::strong_ordering compare_versions(const Version& a, const Version& b) {
  if (const auto order = compare_numbers(a.epoch, b.epoch); order != 0) return order;
  if (const auto order = compare_release(a, b); order != 0) return order;
  if (a.pre != b.pre) return a.pre <=> b.pre;
  if (const auto order = compare_numbers(a.pre_number, b.pre_number); order != 0) return order;
  if (a.post != b.post) return a.post <=> b.post;
  if (const auto order = compare_numbers(a.post_number, b.post_number); order != 0) return order;
  if (a.dev != b.dev) return b.dev <=> a.dev;
  if (const auto order = compare_numbers(a.dev_number, b.dev_number); order != 0) return order;
  return compare_local(a, b);
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const std::string left_text = lower(trim(a)), right_text = lower(trim(b));
  Version left, right;
  if (!Parser(left_text).parse(left) || !Parser(right_text).parse(right)) return std::nullopt;
  return compare_versions(left, right);
}

}  // namespace

namespace schemes {
extern const Scheme pep440;
constexpr Scheme pep440 = {
    .name = "pep440", .about = "Python packages, as PEP 440 orders them", .compare = compare, .local = true};
}  // namespace schemes
}  // namespace peekr
