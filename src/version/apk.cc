// SPDX-License-Identifier: Apache-2.0
// Alpine versions: number{.number}{letter}{_suffix{number}}{~hash}{-rN}, ordered as apk does. apk-package(5).
//
// A version is a sequence of tokens. Two are compared token by token; where the kinds differ, the kinds
// decide, in the order of `Kind`: a pre-release suffix sorts before the end, everything else after it. A
// number after a dot that has a leading zero on either side is compared as text (1.025 < 1.1, and 1.0
// < 1.00), every other number by value.
//
// Real databases hold more than the grammar. apk 2 takes a number after the letter (opensmtpd 6.6.2p1,
// openjdk 8u392_p9), and so do we. Typing errors (secdb: 10.2.24.r0, 1.7.5.-r1, 2.7.16-33) are ordered as apk
// 3 orders them: the tokens before the error count, and the error itself sorts just before the end
// (so 10.2.24.r0 < 10.2.24-r0). Only what does not begin with a digit is no version at all.
#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

// In the order they sort. `number` is the first one or one after a letter, `component` is one after a dot.
enum class Kind {
  pre_suffix,
  broken,
  end,
  revision,
  hash,
  suffix_number,
  post_suffix,
  letter,
  component,
  number
};

// In the order they sort; the first four are before the release.
constexpr std::array<std::string_view, 9> kSuffixes = {"alpha", "beta", "pre", "rc", "cvs",
                                                       "svn",   "git",  "hg",  "p"};
constexpr std::size_t kPreSuffixes = 4;

struct Token {
  Kind kind;
  std::string_view text;
  std::size_t suffix = 0;
};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_hash_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

class Tokens {
 public:
  explicit Tokens(std::string_view version) : rest_(version) {}

  // After `end` or `broken` there is nothing more to ask for.
  Token next() {
    const Token token = rest_.empty() ? Token{Kind::end, {}} : read();
    last_ = token.kind;
    return token;
  }

 private:
  Token read() {
    const char c = rest_.front();
    if (is_digit(c)) return digits();
    const std::string_view first = rest_.substr(0, 1);
    rest_.remove_prefix(1);
    const bool after_number = last_ == Kind::number || last_ == Kind::component;
    const bool before_hash = last_ != Kind::hash && last_ != Kind::revision;
    if (c == '.' && after_number) return some(Kind::component, take_digits(rest_));
    if (is_lower(c) && after_number) return {Kind::letter, first};
    if (c == '_' && before_hash) return suffix();
    if (c == '~' && before_hash) return some(Kind::hash, take(is_hash_digit));
    if (c == '-' && last_ != Kind::revision && rest_.starts_with('r')) {
      rest_.remove_prefix(1);
      return some(Kind::revision, take_digits(rest_));
    }
    return {Kind::broken, {}};
  }

  Token digits() {
    if (last_ == Kind::letter) return {Kind::number, take_digits(rest_)};
    if (last_ == Kind::pre_suffix || last_ == Kind::post_suffix) {
      return {Kind::suffix_number, take_digits(rest_)};
    }
    return {Kind::broken, {}};
  }

  Token suffix() {
    const auto found = std::ranges::find(kSuffixes, take(is_lower));
    if (found == kSuffixes.end()) return {Kind::broken, {}};
    const auto index = static_cast<std::size_t>(found - kSuffixes.begin());
    return {index < kPreSuffixes ? Kind::pre_suffix : Kind::post_suffix, {}, index};
  }

  Token some(Kind kind, std::string_view text) const {
    return text.empty() ? Token{Kind::broken, {}} : Token{kind, text};
  }

  std::string_view take(bool (*belongs)(char)) {
    const std::string_view taken(rest_.begin(), std::ranges::find_if_not(rest_, belongs));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
  Kind last_ = Kind::letter;  // a number may come first, as it may after a letter
};

// Of two tokens of one kind.
std::strong_ordering compare_values(const Token& a, const Token& b) {
  switch (a.kind) {
    case Kind::component:
      if (a.text.front() == '0' || b.text.front() == '0') return a.text <=> b.text;
      return compare_numbers(a.text, b.text);
    case Kind::number:
    case Kind::suffix_number:
    case Kind::revision: return compare_numbers(a.text, b.text);
    case Kind::letter:
    case Kind::hash: return a.text <=> b.text;
    case Kind::pre_suffix:
    case Kind::post_suffix: return a.suffix <=> b.suffix;
    case Kind::broken:
    case Kind::end: break;
  }
  return std::strong_ordering::equal;
}

bool is_version(std::string_view text) { return !text.empty() && is_digit(text.front()); }

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  if (!is_version(a) || !is_version(b)) return std::nullopt;
  Tokens left(a), right(b);
  for (;;) {
    const Token x = left.next(), y = right.next();
    if (x.kind != y.kind) return x.kind <=> y.kind;
    if (x.kind == Kind::end || x.kind == Kind::broken) return std::strong_ordering::equal;
    if (const auto order = compare_values(x, y); order != 0) return order;
  }
}

}  // namespace

namespace schemes {
extern const Scheme apk;
constexpr Scheme apk = {
    .name = "apk", .about = "Alpine, Wolfi and Chainguard packages, as apk orders them", .compare = compare};
}  // namespace schemes
}  // namespace peekr
