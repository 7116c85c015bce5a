// SPDX-License-Identifier: Apache-2.0
// OpenSSL: three numbers; up to 1.1.1 a letter for each release of fixes, which goes on behind "z" with "za"; a pre-release
// behind "-" (www.openssl.org/policies/releasestrat.html): 1.0.2-beta1 < 1.0.2 < 1.0.2a < 1.0.2z < 1.0.2za. "-fips" is a build,
// no version.
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"
#include "version/semver.h"

namespace peekr {
namespace {

// In their order; a release is after them all.
constexpr std::array<std::string_view, 5> kStages = {"dev", "alpha", "beta", "pre", "rc"};

struct Version {
  std::string_view numbers, letters;
  std::size_t stage = kStages.size();
  std::string_view stage_number;
};

bool read_stage(std::string_view rest, Version& out) {
  if (rest.empty() || rest == "fips") return true;
  for (std::size_t i = 0; i < kStages.size(); ++i) {
    if (!rest.starts_with(kStages[i])) continue;
    rest.remove_prefix(kStages[i].size());
    out.stage = i;
    out.stage_number = take_digits(rest);
    return rest.empty() || rest == "-fips";
  }
  return false;
}

std::optional<Version> parse(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789.");
  Version out;
  out.numbers = text.substr(0, end);
  if (out.numbers.empty() || !is_digit(out.numbers.front()) || !is_digit(out.numbers.back()) ||
      out.numbers.find("..") != std::string_view::npos)
    return std::nullopt;
  const auto [letters, stage] = cut(text.substr(out.numbers.size()), '-');
  for (const char c : letters) {
    if (c < 'a' || c > 'z') return std::nullopt;
  }
  out.letters = letters;
  if (!read_stage(stage, out)) return std::nullopt;
  return out;
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const std::string left_text = lower(trim(a)), right_text = lower(trim(b));
  const auto left = parse(left_text), right = parse(right_text);
  if (!left || !right) return std::nullopt;
  if (const auto order = semver::compare_dotted(left->numbers, right->numbers); order != 0) return order;
  if (left->letters != right->letters) return left->letters <=> right->letters;
  if (left->stage != right->stage) return left->stage <=> right->stage;
  return compare_numbers(left->stage_number, right->stage_number);
}

}  // namespace

namespace schemes {
extern const Scheme openssl;
constexpr Scheme openssl = {
    .name = "openssl", .about = "OpenSSL: letters after the numbers", .compare = compare};
}  // namespace schemes
}  // namespace peekr
