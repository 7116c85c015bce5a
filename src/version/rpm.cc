// SPDX-License-Identifier: Apache-2.0
// RPM versions: [epoch:]version[-release], ordered as librpm's rpmverCmp orders what rpmverParse reads.
// rpm-version(7).
//
// Version and release are sequences of tokens: letters, digits, "~" and "^"; everything else (non-ASCII too)
// only separates. At one place they sort: "~", the end, "^", letters, digits. No epoch is epoch 0, but no
// release is *older than any release*: "1.0" < "1.0-1". Whoever wants a bound without a release to mean every
// release must cut the release off first.
//
// librpm takes any text but the empty one for a version, and so do we.
#include <algorithm>
#include <compare>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

enum class Kind { tilde, end, caret, letters, digits };  // in the order they sort

struct Token {
  Kind kind;
  std::string_view text;
};

struct Parts {
  std::string_view epoch, version;
  std::optional<std::string_view> release;
};

// The epoch is the digits before a colon: "a:1" has none. The last hyphen begins the release, so "1-2:3" has
// release "2:3".
Parts parse(std::string_view text) {
  Parts parts;
  std::string_view rest = text;
  const std::string_view digits = take_digits(rest);
  if (rest.starts_with(':')) {
    parts.epoch = digits;
    text = rest.substr(1);
  }
  const std::size_t hyphen = text.rfind('-');
  parts.version = text.substr(0, hyphen);
  if (hyphen != text.npos) parts.release = text.substr(hyphen + 1);
  return parts;
}

std::string_view take_letters(std::string_view& rest) {
  const auto end = std::ranges::find_if_not(rest, is_alpha);
  const std::string_view letters(rest.begin(), end);
  rest.remove_prefix(letters.size());
  return letters;
}

Token next_token(std::string_view& rest) {
  for (; !rest.empty(); rest.remove_prefix(1)) {
    const char c = rest.front();
    if (is_digit(c)) return {Kind::digits, take_digits(rest)};
    if (is_alpha(c)) return {Kind::letters, take_letters(rest)};
    if (c != '~' && c != '^') continue;
    rest.remove_prefix(1);
    return {c == '~' ? Kind::tilde : Kind::caret, {}};
  }
  return {Kind::end, {}};
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) {
  for (;;) {
    const Token left = next_token(a), right = next_token(b);
    if (left.kind != right.kind) return left.kind <=> right.kind;
    if (left.kind == Kind::end) return std::strong_ordering::equal;
    const auto order =
        left.kind == Kind::digits ? compare_numbers(left.text, right.text) : left.text <=> right.text;
    if (order != 0) return order;
  }
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return std::nullopt;
  const Parts left = parse(a), right = parse(b);
  if (const auto order = compare_numbers(left.epoch, right.epoch); order != 0) return order;
  if (const auto order = compare_part(left.version, right.version); order != 0) return order;
  if (!left.release || !right.release) return left.release.has_value() <=> right.release.has_value();
  return compare_part(*left.release, *right.release);
}

}  // namespace

namespace schemes {
extern const Scheme rpm;
constexpr Scheme rpm = {.name = "rpm",
                        .about = "RPM packages (epoch:version-release), as librpm orders them",
                        .compare = compare};
}  // namespace schemes
}  // namespace peekr
