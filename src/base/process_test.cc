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

TEST(Process, one_that_runs_is_read_as_it_speaks) {
  const Result<std::unique_ptr<Running>> running =
      Running::start({"sh", "-c", "head -c 3000000 /dev/zero; yes | head -c 300000 >&2"});
  ASSERT_TRUE(running) << running.error().message;
  std::size_t size = 0;
  for (;;) {
    const Result<std::string_view> bytes = (*running)->next();
    ASSERT_TRUE(bytes) << bytes.error().message;
    if (bytes->empty()) break;
    size += bytes->size();
  }
  EXPECT_EQ(size, 3'000'000u);
  EXPECT_TRUE((*running)->next()->empty());
}

TEST(Process, one_that_fails_says_why_after_what_it_has_said) {
  const Result<std::unique_ptr<Running>> running =
      Running::start({"sh", "-c", "echo some; echo 'no such thing' >&2; echo more >&2; exit 3"});
  ASSERT_TRUE(running) << running.error().message;
  EXPECT_EQ((*running)->next().value_or("?"), "some\n");
  const Result<std::string_view> end = (*running)->next();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().message, "sh: exit status 3: no such thing");
  EXPECT_EQ(Running::start({"/no/such/program"}).error().code, Errc::not_found);
}

TEST(Process, one_whose_child_holds_the_line_has_ended_all_the_same) {
  const auto begin = std::chrono::steady_clock::now();
  const Result<std::unique_ptr<Running>> running =
      Running::start({"sh", "-c", "echo some; sleep 60 >&- & echo why >&2; exit 3"});
  ASSERT_TRUE(running) << running.error().message;
  EXPECT_EQ((*running)->next().value_or("?"), "some\n");
  const Result<std::string_view> end = (*running)->next();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().message, "sh: exit status 3: why");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Process, all_of_them_are_ended_at_once_with_what_they_have_started) {
  const auto begin = std::chrono::steady_clock::now();
  const Result<std::unique_ptr<Running>> running =
      Running::start({"sh", "-c", "sleep 60 & echo some; sleep 60"});
  ASSERT_TRUE(running) << running.error().message;
  EXPECT_EQ((*running)->next().value_or("?"), "some\n");
  end_children();
  EXPECT_EQ((*running)->next().error().message, "sh: exit status 137");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Process, one_that_is_left_is_ended) {
  const auto begin = std::chrono::steady_clock::now();
  {
    EXPECT_TRUE(Running::start({"sh", "-c", "sleep 60 & sleep 60"}));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace peekr
