// SPDX-License-Identifier: Apache-2.0
// The order of RPM versions: its rules one by one, then the same answers as librpm.
#include <gtest/gtest.h>
#include <rpm/rpmver.h>

#include <memory>
#include <string>

#include "version/generate.h"
#include "version/ordering.h"

namespace peekr {
namespace {

using ordering::sign;
using ordering::Sign;

constexpr std::string_view kRpm = "rpm";

TEST(Rpm, a_tilde_sorts_before_the_end_and_a_caret_after_it) {
  EXPECT_EQ(sign(kRpm, "1.0~rc1-1", "1.0-1"), Sign::less);
  EXPECT_EQ(sign(kRpm, "1.0^git1-1", "1.0-1"), Sign::greater);
  EXPECT_EQ(sign(kRpm, "1.0^git1", "1.0.1"), Sign::less);
  EXPECT_EQ(sign(kRpm, "1.0^~", "1.0^"), Sign::less);
}

TEST(Rpm, digits_are_newer_than_letters) {
  EXPECT_EQ(sign(kRpm, "1.a", "1.1"), Sign::less);
  EXPECT_EQ(sign(kRpm, "1b.fc17", "1.fc17"), Sign::less);
}

TEST(Rpm, what_separates_does_not_count) {
  EXPECT_EQ(sign(kRpm, "2.0", "2_0"), Sign::equal);
  EXPECT_EQ(sign(kRpm, "1a", "1.a."), Sign::equal);
  EXPECT_EQ(sign(kRpm, "1.1.\xce\xb1", "1.1.\xce\xb2"), Sign::equal);
}

TEST(Rpm, numbers_are_compared_by_value_at_any_length) {
  EXPECT_EQ(sign(kRpm, "10.0001", "10.1"), Sign::equal);
  EXPECT_EQ(sign(kRpm, "4.999", "4.1000"), Sign::less);
  EXPECT_EQ(sign(kRpm, "1." + std::string(100000, '9'), "1.1" + std::string(100000, '0')), Sign::less);
}

TEST(Rpm, no_epoch_is_epoch_zero_and_the_epoch_comes_first) {
  EXPECT_EQ(sign(kRpm, "0:1.0-1", "1.0-1"), Sign::equal);
  EXPECT_EQ(sign(kRpm, ":1.0-1", "1.0-1"), Sign::equal);
  EXPECT_EQ(sign(kRpm, "1:0.1-1", "9.9-1"), Sign::greater);
  EXPECT_EQ(sign(kRpm, "99999999999999999999:1", "99999999999999999998:2"), Sign::greater);
}

TEST(Rpm, no_release_is_older_than_any_release) {
  EXPECT_EQ(sign(kRpm, "1.0", "1.0-0"), Sign::less);
  EXPECT_EQ(sign(kRpm, "1.0", "1.0-~"), Sign::less);
  EXPECT_EQ(sign(kRpm, "1.1", "1.0-9"), Sign::greater);
}

TEST(Rpm, the_last_hyphen_begins_the_release) {
  EXPECT_EQ(sign(kRpm, "1-2-1", "1-10"), Sign::greater);
  EXPECT_EQ(sign(kRpm, "1.2-3.el8", "1.2-3.el8_4"), Sign::less);
}

TEST(Rpm, only_the_empty_text_is_no_version) {
  EXPECT_EQ(sign(kRpm, "", "1"), Sign::none);
  EXPECT_EQ(sign(kRpm, "1", ""), Sign::none);
  EXPECT_EQ(sign(kRpm, "NA", "1"), Sign::less);
  EXPECT_EQ(sign(kRpm, "-", "1:"), Sign::less);
}

Sign librpm_sign(const std::string& a, const std::string& b) {
  struct Free {
    void operator()(rpmver version) const { rpmverFree(version); }
  };
  using Version = std::unique_ptr<std::remove_pointer_t<rpmver>, Free>;
  const Version left(rpmverParse(a.c_str())), right(rpmverParse(b.c_str()));
  if (!left || !right) return Sign::none;
  return ordering::sign_of(rpmverCmp(left.get(), right.get()) <=> 0);
}

TEST(Rpm, agrees_with_librpm_on_120000_near_pairs) {
  generate::Versions versions = generate::rpm(1);
  ordering::Tally tally;
  while (tally.ordered() < 120'000) {
    const auto [a, b] = versions.pair();
    const Sign want = librpm_sign(a, b);
    ASSERT_EQ(sign(kRpm, a, b), want) << '[' << a << "] [" << b << ']';
    tally.add(want);
  }
  tally.expect_varied();
}

TEST(Rpm, the_order_is_total) { ordering::expect_total(kRpm, generate::rpm(3)); }

}  // namespace
}  // namespace peekr
