// SPDX-License-Identifier: Apache-2.0
// The order of Alpine versions: its rules one by one, then the same answers as a second reading of the
// grammar in apk-package(5). Debian has no apk to ask.
#include <gtest/gtest.h>
#include <regex.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "version/generate.h"
#include "version/ordering.h"

namespace peekr {
namespace {

using ordering::sign;
using ordering::Sign;

constexpr std::string_view kApk = "apk";

TEST(Apk, suffixes_before_the_release_are_older_and_the_others_newer) {
  const char* const rising[] = {"1.2_alpha", "1.2_alpha1", "1.2_beta", "1.2_pre", "1.2_rc",
                                "1.2_rc1",   "1.2",        "1.2_cvs",  "1.2_svn", "1.2_git",
                                "1.2_hg",    "1.2_p",      "1.2_p1",   "1.2a"};
  for (std::size_t i = 1; i < std::size(rising); ++i) {
    EXPECT_EQ(sign(kApk, rising[i - 1], rising[i]), Sign::less) << rising[i - 1] << ' ' << rising[i];
  }
}

TEST(Apk, the_revision_comes_last_and_is_a_number) {
  EXPECT_EQ(sign(kApk, "1.2-r9", "1.2-r10"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.2", "1.2-r0"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.2-r1", "1.2-r01"), Sign::equal);
  EXPECT_EQ(sign(kApk, "1.2-r9", "1.2.1-r0"), Sign::less);
}

TEST(Apk, one_more_component_is_newer_even_if_it_is_zero) {
  EXPECT_EQ(sign(kApk, "1.2", "1.2.0"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.2-r5", "1.2.0-r0"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.2z", "1.2.0"), Sign::less);
}

TEST(Apk, a_leading_zero_makes_a_component_text) {
  EXPECT_EQ(sign(kApk, "1.025", "1.1"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.02", "1.025"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.0", "1.00"), Sign::less);
  EXPECT_EQ(sign(kApk, "01.5", "1.5"), Sign::equal);
  EXPECT_EQ(sign(kApk, "4.2.045-r3", "4.3-r3"), Sign::less);
}

TEST(Apk, a_commit_hash_is_newer_than_none_and_compared_as_text) {
  EXPECT_EQ(sign(kApk, "1.2", "1.2~abc"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.2-r9", "1.2~abc-r0"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.2~9", "1.2~abc"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.2~abc", "1.2~abc0"), Sign::less);
  EXPECT_EQ(sign(kApk, "1.2~abc", "1.2_p"), Sign::less);
}

TEST(Apk, numbers_are_compared_by_value_at_any_length) {
  EXPECT_EQ(sign(kApk, "1.9", "1.10"), Sign::less);
  EXPECT_EQ(sign(kApk, "1_pre20191002222144", "1_pre20210530193627"), Sign::less);
  EXPECT_EQ(sign(kApk, "1." + std::string(100000, '9'), "1.1" + std::string(100000, '0')), Sign::less);
}

TEST(Apk, a_number_after_the_letter_counts_as_apk_2_has_it) {
  EXPECT_EQ(sign(kApk, "6.6.2p1-r0", "6.6.2p2-r0"), Sign::less);
  EXPECT_EQ(sign(kApk, "6.6.2p9-r0", "6.6.2p10-r0"), Sign::less);
  EXPECT_EQ(sign(kApk, "6.6.2_p1", "6.6.2p1"), Sign::less);
  EXPECT_EQ(sign(kApk, "8u372_p7-r0", "8u392_p9-r1"), Sign::less);
}

TEST(Apk, a_typing_error_ends_the_version_and_sorts_before_its_end) {
  EXPECT_EQ(sign(kApk, "10.2.24.r0", "10.2.24-r0"), Sign::less);
  EXPECT_EQ(sign(kApk, "10.2.24.r0", "10.2.24"), Sign::less);
  EXPECT_EQ(sign(kApk, "10.2.24.r0", "10.2.23-r9"), Sign::greater);
  EXPECT_EQ(sign(kApk, "1.2_foo", "1.2_rc1"), Sign::greater);
  EXPECT_EQ(sign(kApk, "2.7.16-33", "2.7.16-34"), Sign::equal);
}

TEST(Apk, what_does_not_begin_with_a_digit_is_no_version) {
  for (const std::string_view bad :
       {"", ".1", "a", "v1.2", "-r1", " 1", "e818b74be2170fbe957a07b0da4401c2b694b3b8"}) {
    EXPECT_EQ(sign(kApk, bad, "1"), Sign::none) << bad;
    EXPECT_EQ(sign(kApk, "1", bad), Sign::none) << bad;
  }
}

// The reference: the whole text must fit the documented grammar; then field by field, each a tuple that
// compares as it should. A number is (length without zeros, digits); an absent field is smaller than any
// present one.
using Number = std::pair<std::size_t, std::string>;

Number number(const std::string& digits) {
  const std::string significant = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
  return {significant.size(), significant};
}

struct Documented {
  Number first;
  std::vector<std::string> components;
  std::string letter;
  // Where the suffix stands among all, its number's class, the number. Only the code of apk tells the class:
  // a further suffix that is newer than none (2) beats a number (1), which beats nothing (0).
  std::vector<std::tuple<std::ptrdiff_t, int, Number>> suffixes;
  std::string hash, revision;
};

constexpr std::ptrdiff_t kNoSuffix = 4;
const char* const kOrder[] = {"alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"};

// POSIX, since g++ 12 warns inside std::regex when sanitizing.
class Grammar {
 public:
  Grammar() {
    EXPECT_EQ(regcomp(&compiled_,
                      "^([0-9]+)((\\.[0-9]+)*)([a-z]?)((_(alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)"
                      "(~[0-9a-f]+)?(-r[0-9]+)?$",
                      REG_EXTENDED),
              0);
  }
  ~Grammar() { regfree(&compiled_); }
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  std::optional<std::vector<std::string>> match(const std::string& text) const {
    std::array<regmatch_t, 10> spans{};
    if (regexec(&compiled_, text.c_str(), spans.size(), spans.data(), 0) != 0) return std::nullopt;
    std::vector<std::string> parts;
    for (const regmatch_t& span : spans) {
      const auto from = static_cast<std::size_t>(span.rm_so), to = static_cast<std::size_t>(span.rm_eo);
      parts.push_back(span.rm_so < 0 ? "" : text.substr(from, to - from));
    }
    return parts;
  }

 private:
  regex_t compiled_{};
};

// ".a.b" -> {"a", "b"}
std::vector<std::string> listed(const std::string& text, char before_each) {
  std::vector<std::string> parts;
  for (const char c : text) {
    if (c == before_each) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::optional<Documented> read(const Grammar& grammar, const std::string& text) {
  const auto part = grammar.match(text);
  if (!part) return std::nullopt;
  Documented result{number(part->at(1)), listed(part->at(2), '.'), part->at(4), {}, part->at(8), part->at(9)};
  for (const std::string& suffix : listed(part->at(5), '_')) {
    const std::size_t digits = std::min(suffix.find_first_of("0123456789"), suffix.size());
    const auto place = std::ranges::find(kOrder, suffix.substr(0, digits)) - kOrder;
    auto& all = result.suffixes;
    if (!all.empty() && std::get<1>(all.back()) == 0 && place > kNoSuffix) std::get<1>(all.back()) = 2;
    all.emplace_back(place, digits < suffix.size() ? 1 : 0, number(suffix.substr(digits)));
  }
  result.suffixes.emplace_back(kNoSuffix, 0, Number{});
  return result;
}

std::strong_ordering compare_components(const Documented& a, const Documented& b) {
  for (std::size_t i = 0; i < std::min(a.components.size(), b.components.size()); ++i) {
    const std::string &x = a.components[i], &y = b.components[i];
    const bool text = x[0] == '0' || y[0] == '0';
    const auto order = text ? x <=> y : number(x) <=> number(y);
    if (order != 0) return order;
  }
  return a.components.size() <=> b.components.size();
}

Number revision_number(const std::string& revision) { return number(revision.substr(2)); }

std::strong_ordering compare_documented(const Documented& a, const Documented& b) {
  if (const auto order = a.first <=> b.first; order != 0) return order;
  if (const auto order = compare_components(a, b); order != 0) return order;
  if (const auto order = a.letter <=> b.letter; order != 0) return order;
  if (const auto order = a.suffixes <=> b.suffixes; order != 0) return order;
  if (const auto order = a.hash <=> b.hash; order != 0) return order;
  if (a.revision.empty() || b.revision.empty()) return b.revision.empty() <=> a.revision.empty();
  return revision_number(a.revision) <=> revision_number(b.revision);
}

TEST(Apk, agrees_with_a_second_reading_of_the_grammar_on_100000_near_pairs) {
  generate::Versions versions = generate::apk(1);
  const Grammar grammar;
  ordering::Tally tally;
  while (tally.ordered() < 100'000) {
    const auto [a, b] = versions.pair();
    const std::optional<Documented> left = read(grammar, a);
    const std::optional<Documented> right = left ? read(grammar, b) : std::nullopt;
    if (!right) {
      tally.add(Sign::none);
      continue;
    }
    const Sign want = ordering::sign_of(compare_documented(*left, *right));
    ASSERT_EQ(sign(kApk, a, b), want) << '[' << a << "] [" << b << ']';
    tally.add(want);
  }
  tally.expect_varied();
}

TEST(Apk, the_order_is_total_even_among_broken_versions) { ordering::expect_total(kApk, generate::apk(3)); }

}  // namespace
}  // namespace peekr
