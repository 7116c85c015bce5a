// SPDX-License-Identifier: Apache-2.0
// What every source of bytes keeps to, whoever wraps it: all bytes in order, and an error that stays.
#include "image/bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lib/digest.h"

namespace peekr {
namespace {

// Hands out those chunks, then what `end` says.
class Chunks : public ByteSource {
 public:
  using End = std::function<Result<std::string_view>()>;
  Chunks(std::vector<std::string> chunks, End end) : chunks_(std::move(chunks)), end_(std::move(end)) {}

 private:
  Result<std::string_view> fill() override {
    if (at_ == chunks_.size()) return end_();
    std::string& buffer = buffers_[at_ % buffers_.size()];  // no more of them than it has to have
    buffer = chunks_[at_++];
    return std::string_view(buffer);
  }

  std::vector<std::string> chunks_;
  End end_;
  std::size_t at_ = 0;
  std::array<std::string, kChunksAhead> buffers_;
};

std::unique_ptr<ByteSource> chunks(std::vector<std::string> all, Chunks::End end) {
  return std::make_unique<Chunks>(std::move(all), std::move(end));
}

std::vector<std::string> many() {
  std::vector<std::string> all;
  for (int i = 0; i < 500; ++i)
    all.push_back(std::string(static_cast<std::size_t>(1 + i % 7), static_cast<char>('a' + i % 26)));
  return all;
}

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += one;
  return text;
}

// All bytes, then "!" and the message where an error ends them.
std::string read_all(ByteSource& source) {
  std::string text;
  for (;;) {
    const Result<std::string_view> bytes = source.next();
    if (!bytes) return text + "!" + bytes.error().message;
    if (bytes->empty()) return text;
    text += *bytes;
  }
}

Result<std::string_view> at_end() { return std::string_view(); }
Result<std::string_view> broken() { return fail(Errc::damaged, "broken"); }

TEST(AheadBytes, gives_the_same_bytes_and_then_its_end_for_good) {
  const auto source = ahead_bytes(chunks(many(), at_end));
  EXPECT_EQ(read_all(*source), joined(many()));
  EXPECT_EQ(read_all(*source), "");
}

TEST(AheadBytes, an_error_comes_after_the_bytes_before_it_and_stays) {
  const auto source = ahead_bytes(chunks({"ab", "c"}, broken));
  EXPECT_EQ(read_all(*source), "abc!broken");
  EXPECT_EQ(read_all(*source), "!broken");
}

TEST(AheadBytes, what_its_source_throws_is_thrown_where_it_is_read) {
  const auto source =
      ahead_bytes(chunks({"ab"}, []() -> Result<std::string_view> { throw std::runtime_error("thrown"); }));
  EXPECT_EQ(source->next().value(), "ab");
  EXPECT_THROW((void)source->next(), std::runtime_error);
}

// Takes so long for each chunk.
class Slow : public ByteSource {
 public:
  Slow(std::unique_ptr<ByteSource> source, std::chrono::microseconds each)
      : source_(std::move(source)), each_(each) {}

 private:
  Result<std::string_view> fill() override {
    std::this_thread::sleep_for(each_);
    return source_->next();
  }

  std::unique_ptr<ByteSource> source_;
  std::chrono::microseconds each_;
};

TEST(AheadBytes, gives_the_same_bytes_whoever_is_slower) {
  constexpr std::chrono::microseconds kNone(0), kSome(100);
  for (const auto& [made, read] : {std::pair(kNone, kSome), std::pair(kSome, kNone)}) {
    Slow source(ahead_bytes(std::make_unique<Slow>(chunks(many(), at_end), made)), read);
    EXPECT_EQ(read_all(source), joined(many()));
  }
}

TEST(AheadBytes, may_be_left_at_any_time) {
  for (int count = 0; count < 4; ++count) {
    const auto source = ahead_bytes(chunks(many(), at_end));
    for (int i = 0; i < count; ++i) EXPECT_TRUE(source->next());
  }
}

TEST(HashedBytes, a_wrong_digest_stays_an_error) {
  const auto source =
      verified_bytes(chunks({"ab"}, at_end), {"sha256", hex_digest("sha256", "other")}, "blob");
  EXPECT_TRUE(read_all(*source).starts_with("ab!blob: expected sha256:"));
  EXPECT_TRUE(read_all(*source).starts_with("!blob: expected sha256:"));
}

TEST(LimitedBytes, what_is_beyond_the_limit_is_an_error_for_good_and_names_it) {
  const auto source = limited_bytes(chunks({"ab", "cd", "e"}, at_end), 3, "file_bytes");
  EXPECT_EQ(read_all(*source), "ab!more than 3 bytes (limit file_bytes)");
  EXPECT_EQ(read_all(*source), "!more than 3 bytes (limit file_bytes)");
  EXPECT_FALSE(source->skip(1));
}

TEST(ByteSource, skips_across_chunks) {
  const auto source = ahead_bytes(chunks({"ab", "cd", "ef"}, at_end));
  ASSERT_TRUE(source->skip(3));
  EXPECT_EQ(read_all(*source), "def");
  EXPECT_TRUE(source->skip(3));
}

}  // namespace
}  // namespace peekr
