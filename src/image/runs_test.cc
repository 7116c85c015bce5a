// SPDX-License-Identifier: Apache-2.0
#include "image/runs.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "image/image.h"

namespace peekr {
namespace {

using Bytes = std::vector<std::pair<std::uint64_t, std::uint64_t>>;  // from, end

Bytes runs(const std::vector<BlobPart>& parts, std::uint64_t besides) {
  Bytes all;
  for (const PartRun& run : runs_of(parts, besides)) all.emplace_back(run.from, run.end);
  return all;
}

TEST(Runs, PartsNearEachOtherComeInOneRequestAsLongAsWhatLiesBetweenIsLittleOfThem) {
  constexpr std::uint64_t k = 1000;
  const std::vector<BlobPart> near = {{0, k}, {31 * k, 32 * k}, {65 * k, 66 * k}};
  EXPECT_EQ(runs(near, 0), (Bytes{{0, 32 * k}, {65 * k, 66 * k}})) << "further than 32 KiB";
  // Gaps of 20, 21, .. 27 thousand bytes; always 64 KiB of them.
  std::vector<BlobPart> many = {{0, k}};
  for (std::uint64_t i = 0; i < 8; ++i) {
    const std::uint64_t from = many.back().end + (20 + i) * k;
    many.push_back({from, from + k});
  }
  EXPECT_EQ(runs(many, 0).size(), 9u - 3u);
  EXPECT_EQ(runs(many, 300 * k).size(), 9u - 4u) << "a third of 309 thousand bytes: 20 + 21 + 22 + 23";
  EXPECT_EQ(runs(many, 1000 * k).size(), 1u);
}

TEST(Runs, WhatFollowsAlmostAtOnceAlwaysComesWithIt) {
  std::vector<BlobPart> parts;
  for (std::uint64_t i = 0; i < 100; ++i) parts.push_back({1034 * i, 1034 * i + 10});
  EXPECT_EQ(runs(parts, 0).size(), 1u);
}

TEST(Runs, PartsThatOverlapComeEachInItsOwn) {
  EXPECT_EQ(runs({{0, 100}, {0, 100}, {50, 200}}, 0), (Bytes{{0, 100}, {0, 100}, {50, 200}}));
}

// A blob of which each byte tells its place, and how it is asked for.
class Blob {
 public:
  explicit Blob(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bytes_ += static_cast<char>('a' + i % 26);
    table_.part = [this](std::uint64_t from, std::uint64_t size) { return part(from, size); };
  }

  // What came of each, and the error.
  std::pair<std::vector<std::string>, std::string> fetch(const std::vector<PartRun>& all, FetchLines& lines) {
    std::vector<std::string> got;
    const Status status = fetch_runs(table_, all, lines, {},
                                     [&](const PartRun& run, std::unique_ptr<ByteSource> bytes) -> Status {
                                       if (bytes == nullptr) return got.emplace_back("none"), Status();
                                       got.push_back(TRY(read_exactly(*bytes, run.end - run.from)));
                                       return {};
                                     });
    return {got, status ? "" : status.error().message};
  }

  [[nodiscard]] std::string at(std::uint64_t from, std::uint64_t end) const {
    return bytes_.substr(from, end - from);
  }

  unsigned expected = 1;         // each request waits until so many are there
  std::uint64_t broken = ~0u;    // the one from there fails
  unsigned most = 0, asked = 0;  // at once, in all

 private:
  Result<std::unique_ptr<ByteSource>> part(std::uint64_t from, std::uint64_t size) {
    std::unique_lock lock(mutex_);
    ++asked;
    most = std::max(most, ++now_);
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return most >= expected; });
    --now_;
    if (from == broken) return fail(Errc::io, "the line broke at " + std::to_string(from));
    return memory_bytes(std::string_view(bytes_).substr(from, size));
  }

  std::string bytes_;
  LayerTable table_;
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned now_ = 0;
};

std::vector<PartRun> every_hundred(std::size_t count) {
  std::vector<PartRun> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back({.from = 100 * i, .end = 100 * i + 10});
  return all;
}

TEST(FetchRuns, SoManyRequestsAreOnTheirWayAtOnceAndNoMoreAndAreUsedInTheirOrder) {
  for (const unsigned most : {1u, 4u}) {
    Blob blob(3000);
    blob.expected = most;
    FetchLines lines(most);
    const auto [got, error] = blob.fetch(every_hundred(30), lines);
    EXPECT_EQ(error, "");
    ASSERT_EQ(got.size(), 30u);
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], blob.at(100 * i, 100 * i + 10));
    EXPECT_EQ(blob.most, most);
  }
}

TEST(FetchRuns, AfterAnErrorNoMoreIsAskedForAndItIsTheOneThatIsTold) {
  Blob blob(3000);
  blob.broken = 500;
  FetchLines one(1), four(4);
  auto [got, error] = blob.fetch(every_hundred(30), one);
  EXPECT_EQ(error, "the line broke at 500");
  EXPECT_EQ(blob.asked, 6u);
  std::tie(got, error) = blob.fetch(every_hundred(30), four);
  EXPECT_EQ(error, "the line broke at 500");
}

TEST(FetchRuns, AServerThatSendsLessIsToldWithTheRange) {
  Blob blob(105);
  FetchLines lines(2);
  EXPECT_EQ(blob.fetch(every_hundred(2), lines).second, "bytes 100-109: ends too early");
}

TEST(FetchRuns, WhatIsTooLargeToBeHeldIsUsedAsItComes) {
  constexpr std::uint64_t kLarge = 5 << 20;
  Blob blob(kLarge + 2000);
  FetchLines lines(2);
  const std::vector<PartRun> all = {{.from = 0, .end = 10},
                                    {.from = 100, .end = 100 + kLarge},
                                    {},
                                    {.from = kLarge + 1000, .end = kLarge + 1010}};
  const auto [got, error] = blob.fetch(all, lines);
  EXPECT_EQ(error, "");
  EXPECT_EQ(got, (std::vector<std::string>{blob.at(0, 10), blob.at(100, 100 + kLarge), "none",
                                           blob.at(kLarge + 1000, kLarge + 1010)}));
}

}  // namespace
}  // namespace peekr
