// SPDX-License-Identifier: Apache-2.0
#include "image/memory.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

TEST(Memory, LittleOfItLowersWhatIsHeldAtOnce) {
  ReadOptions options{.threads = 8};
  fit_into(64 * kMiB, options);
  EXPECT_EQ(options.threads, 1u);
  EXPECT_EQ(options.limits.file_bytes, 32 * kMiB / 6);
  EXPECT_EQ(options.limits.window_log, 23u);
  EXPECT_EQ(options.limits.archive_bytes, 8 * kMiB);
}

TEST(Memory, MuchOfItChangesNothing) {
  ReadOptions options{.threads = 8};
  fit_into(std::uint64_t{16} << 30, options);
  const Limits usual;
  EXPECT_EQ(options.threads, 8u);
  EXPECT_EQ(options.limits.file_bytes, usual.file_bytes);
  EXPECT_EQ(options.limits.window_log, usual.window_log);
  EXPECT_EQ(options.limits.archive_bytes, usual.archive_bytes);
  EXPECT_EQ(options.limits.manifest_bytes, usual.manifest_bytes);
}

TEST(Memory, ALowerLimitStays) {
  ReadOptions options;
  options.limits.file_bytes = 1000;
  options.threads = 1;
  fit_into(256 * kMiB, options);
  EXPECT_EQ(options.limits.file_bytes, 1000u);
  EXPECT_EQ(options.threads, 1u);
}

}  // namespace
}  // namespace peekr
