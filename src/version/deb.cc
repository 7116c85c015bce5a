// SPDX-License-Identifier: Apache-2.0
// Debian versions: [epoch:]upstream[-revision], ordered as dpkg does. deb-version(7).
//
// Upstream and revision are each compared in turns: a run without digits, then a number. In a run without
// digits "~" sorts before the end of the run, the end before letters, letters before all else. No revision
// equals revision "0".
//
// What counts as a version is what dpkg reads from a status file, not what policy asks for: a version may
// begin with a letter or hold odd characters (dpkg warns, and orders it), since third-party packages in real
// images do. Refused, as dpkg refuses them: an empty part where one must be, blanks inside, an epoch that is
// no number or exceeds INT_MAX.
#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

constexpr std::int64_t kMaxEpoch = std::numeric_limits<std::int32_t>::max();

struct Parts {
  std::int64_t epoch = 0;
  std::string_view upstream, revision;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// dpkg reads it with strtol(), so "+1" and "-0" will do.
std::optional<std::int64_t> parse_epoch(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t epoch = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    epoch = epoch * 10 + (c - '0');
    if (epoch > kMaxEpoch) return std::nullopt;
  }
  if (negative && epoch != 0) return std::nullopt;
  return epoch;
}

std::optional<Parts> parse(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (std::ranges::any_of(text, is_blank)) return std::nullopt;
  Parts parts;
  if (const std::size_t colon = text.find(':'); colon != text.npos) {
    const std::optional<std::int64_t> epoch = parse_epoch(text.substr(0, colon));
    if (!epoch) return std::nullopt;
    parts.epoch = *epoch;
    text.remove_prefix(colon + 1);
  }
  const std::size_t hyphen = text.rfind('-');
  parts.upstream = text.substr(0, hyphen);
  if (parts.upstream.empty()) return std::nullopt;
  if (hyphen != text.npos) {
    parts.revision = text.substr(hyphen + 1);
    if (parts.revision.empty()) return std::nullopt;
  }
  return parts;
}

// Where the first character sorts within a run without digits; a digit and the end both end the run. Bytes
// above 127 come between letters and punctuation, as they do for dpkg on x86-64 (its char is signed there).
int rank(std::string_view rest) {
  if (rest.empty() || is_digit(rest.front())) return 0;
  if (is_alpha(rest.front())) return rest.front();
  if (rest.front() == '~') return -1;
  return static_cast<signed char>(rest.front()) + 256;
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    // Only 0 stands for more than one thing, so equal ranks that are not 0 are the same character on both
    // sides.
    for (int left = rank(a), right = rank(b); left != 0 || right != 0; left = rank(a), right = rank(b)) {
      if (left != right) return left <=> right;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    const std::string_view left = take_digits(a), right = take_digits(b);
    if (const auto order = compare_numbers(left, right); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const std::optional<Parts> left = parse(a), right = parse(b);
  if (!left || !right) return std::nullopt;
  if (left->epoch != right->epoch) return left->epoch <=> right->epoch;
  if (const auto order = compare_part(left->upstream, right->upstream); order != 0) return order;
  return compare_part(left->revision, right->revision);
}

}  // namespace

namespace schemes {
extern const Scheme deb;
constexpr Scheme deb = {
    .name = "deb", .about = "Debian and Ubuntu packages, as dpkg orders them", .compare = compare};
}  // namespace schemes
}  // namespace peekr
