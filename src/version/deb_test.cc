// SPDX-License-Identifier: Apache-2.0
// The order of Debian versions: its rules one by one, then the same answers as libdpkg and as dpkg itself.
#define LIBDPKG_VOLATILE_API
#include <dpkg/dpkg.h>
// dpkg.h must come first.
#include <dpkg/dpkg-db.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "version/generate.h"
#include "version/ordering.h"

namespace peekr {
namespace {

using ordering::sign;
using ordering::Sign;

constexpr std::string_view kDeb = "deb";

TEST(Deb, a_tilde_sorts_before_the_end) {
  EXPECT_EQ(sign(kDeb, "1.0~rc1", "1.0"), Sign::less);
  EXPECT_EQ(sign(kDeb, "1.0~~", "1.0~"), Sign::less);
  EXPECT_EQ(sign(kDeb, "1.0-1~deb12u1", "1.0-1"), Sign::less);
}

TEST(Deb, letters_sort_before_other_characters) {
  EXPECT_EQ(sign(kDeb, "1.0a", "1.0+"), Sign::less);
  EXPECT_EQ(sign(kDeb, "1.0Z", "1.0a"), Sign::less);
  EXPECT_EQ(sign(kDeb, "1.0", "1.0a"), Sign::less);
}

TEST(Deb, numbers_are_compared_by_value_at_any_length) {
  EXPECT_EQ(sign(kDeb, "1.9", "1.10"), Sign::less);
  EXPECT_EQ(sign(kDeb, "1.0010", "1.10"), Sign::equal);
  EXPECT_EQ(sign(kDeb, "1.18446744073709551616", "1.18446744073709551615"), Sign::greater);
  EXPECT_EQ(sign(kDeb, "1." + std::string(100000, '9'), "1.1" + std::string(100000, '0')), Sign::less);
}

TEST(Deb, no_epoch_is_epoch_zero_and_the_epoch_comes_first) {
  EXPECT_EQ(sign(kDeb, "0:1.0", "1.0"), Sign::equal);
  EXPECT_EQ(sign(kDeb, "1:0.1", "9.9"), Sign::greater);
  EXPECT_EQ(sign(kDeb, "10:1", "9:1"), Sign::greater);
}

TEST(Deb, no_revision_is_revision_zero) {
  EXPECT_EQ(sign(kDeb, "1.0", "1.0-0"), Sign::equal);
  EXPECT_EQ(sign(kDeb, "1.0", "1.0-1"), Sign::less);
  EXPECT_EQ(sign(kDeb, "1.0", "1.0-~"), Sign::greater);
}

TEST(Deb, the_last_hyphen_begins_the_revision) {
  EXPECT_EQ(sign(kDeb, "7u151-2.6.11-2", "7u151-2.6.11-10"), Sign::less);
  EXPECT_EQ(sign(kDeb, "1-2-1", "1-10"), Sign::greater);
}

TEST(Deb, the_fix_of_cve_2015_7547_is_newer_than_the_image_of_the_demo) {
  EXPECT_EQ(sign(kDeb, "2.19-18+deb8u2", "2.19-18+deb8u3"), Sign::less);
  EXPECT_EQ(sign(kDeb, "2.19-18+deb8u10", "2.19-18+deb8u3"), Sign::greater);
}

TEST(Deb, versions_that_dpkg_only_warns_about_are_ordered) {
  EXPECT_EQ(sign(kDeb, "v1.2", "v1.10"), Sign::less);
  EXPECT_EQ(sign(kDeb, "1.2_3", "1.2_4"), Sign::less);
  EXPECT_EQ(sign(kDeb, " 1.0\t", "1.0"), Sign::equal);
}

TEST(Deb, what_dpkg_refuses_is_no_version) {
  for (const std::string_view bad :
       {"", " ", ":1", "a:1", "1:", "1.0-", "1:-1", "-1", "1 2", "2147483648:1", "-1:1", "1: 2"}) {
    EXPECT_EQ(sign(kDeb, bad, "1"), Sign::none) << bad;
    EXPECT_EQ(sign(kDeb, "1", bad), Sign::none) << bad;
  }
}

// What libdpkg says; it warns about odd versions but orders them.
Sign dpkg_sign(const std::string& a, const std::string& b) {
  const auto parse = [](dpkg_version& into, const std::string& text) {
    dpkg_error error = DPKG_ERROR_INIT;
    const bool refused = parseversion(&into, text.c_str(), &error) < 0 && error.type == DPKG_MSG_ERROR;
    dpkg_error_destroy(&error);
    return !refused;
  };
  dpkg_version left{}, right{};
  if (!parse(left, a) || !parse(right, b)) return Sign::none;
  return ordering::sign_of(dpkg_version_compare(&left, &right) <=> 0);
}

TEST(Deb, agrees_with_libdpkg_on_120000_near_pairs) {
  generate::Versions versions = generate::deb(1);
  ordering::Tally tally;
  while (tally.ordered() < 120'000) {
    const auto [a, b] = versions.pair();
    const Sign want = dpkg_sign(a, b);
    ASSERT_EQ(sign(kDeb, a, b), want) << '[' << a << "] [" << b << ']';
    tally.add(want);
  }
  tally.expect_varied();
}

// Exit status: 0 yes, 1 no, 2 not a version.
int dpkg_says(const std::string& a, std::string_view relation, const std::string& b) {
  const std::string command =
      "dpkg --compare-versions '" + a + "' " + std::string(relation) + " '" + b + "' 2>/dev/null";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Deb, agrees_with_the_dpkg_command_on_300_pairs) {
  generate::Versions versions = generate::deb(2);
  ordering::Tally tally;
  while (tally.ordered() < 300) {
    const auto [a, b] = versions.pair();
    // For the command an empty version means "not installed", and a leading hyphen is an option.
    if (a.empty() || b.empty() || a.front() == '-' || b.front() == '-') continue;
    const Sign got = sign(kDeb, a, b);
    const std::string_view relation = got == Sign::less ? "lt" : got == Sign::greater ? "gt" : "eq";
    ASSERT_EQ(dpkg_says(a, relation, b), got == Sign::none ? 2 : 0) << '[' << a << "] [" << b << ']';
    tally.add(got);
  }
}

TEST(Deb, the_order_is_total) { ordering::expect_total(kDeb, generate::deb(3)); }

}  // namespace
}  // namespace peekr
