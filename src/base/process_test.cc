// SPDX-License-Identifier: Apache-2.0
#include "base/process.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

using std::chrono::milliseconds;

TEST(Process, what_it_is_told_and_what_it_says) {
  const std::string much(300'000, 'x');
  const Result<Ran> ran = run({{"sh", "-c", "cat; exit 3"}, much, milliseconds(20'000), 1 << 20});
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->status, 3);
  EXPECT_EQ(ran->output, much);
}

TEST(Process, one_that_does_not_read_is_no_error) {
  const Result<Ran> ran =
      run({{"sh", "-c", "exec 0<&-; echo yes"}, std::string(300'000, 'x'), milliseconds(20'000), 99});
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->output, "yes\n");
}

TEST(Process, one_that_takes_too_long_is_ended_with_what_it_started) {
  const auto begin = std::chrono::steady_clock::now();
  const Result<Ran> ran = run({{"sh", "-c", "sleep 60 & sleep 60"}, "", milliseconds(200), 99});
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code, Errc::limit);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  const Result<Ran> silent = run({{"sh", "-c", "exec 1>&-; sleep 60"}, "", milliseconds(200), 99});
  ASSERT_TRUE(silent);
  EXPECT_EQ(silent->status, 128 + 9);
}

TEST(Process, one_that_says_too_much_or_is_not_there) {
  const Result<Ran> much = run({{"sh", "-c", "yes"}, "", milliseconds(20'000), 1000});
  ASSERT_FALSE(much);
  EXPECT_EQ(much.error().message, "sh: says more than 1000 bytes");
  const Result<Ran> none = run({{"peekr-there-is-no-such"}, "", milliseconds(20'000), 1000});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::not_found);
}

}  // namespace
}  // namespace peekr
