// SPDX-License-Identifier: Apache-2.0
// gzip and zstd streams, also in pieces of every size. The archives are made by hand: stored blocks need no
// compressor.
#include "image/unpack.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <chrono>
#include <string>
#include <thread>

namespace peekr {
namespace {

// Hands out its bytes in pieces of one size: every split of a header or trailer happens.
class Pieces : public ByteSource {
 public:
  Pieces(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}

 private:
  Result<std::string_view> fill() override {
    const std::string_view part = std::string_view(bytes_).substr(at_, piece_);
    at_ += part.size();
    return part;
  }
  std::string bytes_;
  std::size_t piece_, at_ = 0;
};

struct Out {
  std::string bytes, error;
  Errc code{};
  std::vector<Note> notes;
};

Out unpacked(const std::string& packed, std::size_t piece, const Limits& limits = {},
             Inflate inflate = Inflate::asked) {
  Out out;
  Result<std::unique_ptr<ByteSource>> source =
      unpack(std::make_unique<Pieces>(packed, piece), limits, out.notes, inflate);
  if (!source) {
    out.error = source.error().message;
    return out;
  }
  for (;;) {
    const Result<std::string_view> bytes = (*source)->next();
    if (!bytes) out.error = bytes.error().message, out.code = bytes.error().code;
    if (!bytes || bytes->empty()) return out;
    out.bytes += *bytes;
  }
}

std::string le(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string member(const std::string& text, unsigned flags = 0) {
  std::string head("\x1f\x8b\x08", 3);
  head += static_cast<char>(flags);
  head += std::string("\0\0\0\0\0\xff", 6);
  if ((flags & 4u) != 0) head += le(4, 2) + "abcd";
  if ((flags & 8u) != 0) head += std::string(300, 'n') + '\0';
  if ((flags & 16u) != 0) head += std::string("comment\0", 8);
  const auto crc = [](const std::string& bytes) {
    return ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  };
  if ((flags & 2u) != 0) head += le(crc(head) & 0xFFFFu, 2);
  std::string body(compressBound(text.size()) + 64, '\0');
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(body.data());
  z.avail_out = static_cast<uInt>(body.size());
  deflate(&z, Z_FINISH);
  body.resize(z.total_out);
  deflateEnd(&z);
  return head + body + le(crc(text), 4) + le(text.size(), 4);
}

std::string frame(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string sample() {
  std::string text;
  for (int i = 0; i < 500; ++i) text += std::to_string(i * 7919) + " ";
  return text;
}

TEST(Unpack, gzip_with_every_header_flag_split_everywhere) {
  for (const unsigned flags : {0u, 2u, 4u, 8u, 16u, 30u}) {
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 100u, 100000u}) {
      const Out out = unpacked(member(sample(), flags), piece);
      EXPECT_EQ(out.error, "") << flags << " " << piece;
      EXPECT_EQ(out.bytes, sample()) << flags << " " << piece;
    }
  }
}

TEST(Unpack, many_members_and_empty_ones_are_one_stream) {
  const std::string packed = member("") + member("ab") + member("") + member("cd", 2) + member("");
  for (const std::size_t piece : {1u, 5u, 1000u}) EXPECT_EQ(unpacked(packed, piece).bytes, "abcd");
}

TEST(Unpack, zero_padding_is_fine_and_other_data_behind_the_end_is_noted) {
  const Out padded = unpacked(member("x") + std::string(5000, '\0'), 512);
  EXPECT_EQ(padded.error, "");
  EXPECT_TRUE(padded.notes.empty());
  const Out hidden = unpacked(member("x") + "trailing garbage", 512);
  EXPECT_EQ(hidden.bytes, "x");
  ASSERT_EQ(hidden.notes.size(), 1u);
  EXPECT_EQ(hidden.notes[0].why, Why::suspicious);
}

TEST(Unpack, every_truncation_of_gzip_and_zstd_is_an_error) {
  for (const std::string& whole : {member(sample(), 30), frame(sample())}) {
    for (std::size_t size = 4; size < whole.size(); size += 3) {
      EXPECT_NE(unpacked(whole.substr(0, size), 64).error, "") << size << " of " << whole.size();
    }
  }
}

TEST(Unpack, ahead_gives_the_same_bytes_and_the_same_error_behind_them) {
  std::string packed;
  for (int i = 0; i < 200; ++i) packed += member(std::string(1000, static_cast<char>('a' + i % 26)));
  EXPECT_EQ(unpacked(packed, 100, {}, Inflate::ahead).bytes, unpacked(packed, 100).bytes);
  packed.pop_back();
  const Out asked = unpacked(packed, 100), ahead = unpacked(packed, 100, {}, Inflate::ahead);
  EXPECT_EQ(ahead.bytes, asked.bytes);
  EXPECT_EQ(ahead.error, asked.error);
  EXPECT_EQ(ahead.error, "gzip: cut short");
}

TEST(Unpack, what_is_unpacked_ahead_leaves_what_the_reader_has_as_it_is) {
  std::string packed;
  for (int i = 0; i < 40; ++i) packed += member(std::string(1000, static_cast<char>('a' + i % 26)));
  std::vector<Note> notes;
  const Limits limits;
  Result<std::unique_ptr<ByteSource>> source = unpack(memory_bytes(packed), limits, notes, Inflate::ahead);
  ASSERT_TRUE(source);
  for (int i = 0; i < 40; ++i) {
    const Result<std::string_view> bytes = (*source)->next();
    if (i % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(bytes.value(), std::string(1000, static_cast<char>('a' + i % 26)));
  }
}

TEST(Unpack, ahead_may_be_left_at_any_time) {
  const std::string packed = member(std::string(1000, 'a')) + member(std::string(1000, 'b'));
  for (int taken = 0; taken < 3; ++taken) {
    std::vector<Note> notes;
    const Limits limits;
    Result<std::unique_ptr<ByteSource>> source = unpack(memory_bytes(packed), limits, notes, Inflate::ahead);
    ASSERT_TRUE(source);
    for (int i = 0; i < taken; ++i) EXPECT_TRUE((*source)->next());
  }
}

TEST(Unpack, a_gzip_header_is_held_against_its_checksum) {
  std::string bad = member(sample(), 2);
  bad[4] = 1;  // of the time
  EXPECT_EQ(unpacked(bad, 4096).error, "gzip: the header has a wrong checksum");
}

TEST(Unpack, a_gzip_header_is_limited) {
  const std::string whole = member(sample(), 8);  // a name of 300 bytes
  EXPECT_EQ(unpacked(whole, 64, {.header_bytes = 400}).error, "");
  const Out limited = unpacked(whole, 64, {.header_bytes = 200});
  EXPECT_EQ(limited.code, Errc::limit);
  EXPECT_NE(limited.error.find("header_bytes"), std::string::npos);
}

TEST(Unpack, wrong_checksum_wrong_length_and_reserved_flags_are_errors) {
  std::string bad = member(sample());
  bad[bad.size() - 6] = static_cast<char>(bad[bad.size() - 6] ^ 1);
  EXPECT_NE(unpacked(bad, 4096).error, "");
  bad = member(sample());
  bad[bad.size() - 2] = static_cast<char>(bad[bad.size() - 2] ^ 1);
  EXPECT_NE(unpacked(bad, 4096).error, "");
  bad = member(sample());
  bad[3] = '\xe0';
  EXPECT_NE(unpacked(bad, 4096).error, "");
}

TEST(Unpack, zstd_frames_and_skippable_frames_are_one_stream) {
  const std::string skippable = le(0x184D2A50u, 4) + le(5, 4) + "12345";
  const std::string packed = skippable + frame("ab") + skippable + frame("cd") + skippable;
  for (const std::size_t piece : {1u, 3u, 1000u}) {
    const Out out = unpacked(packed, piece);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.bytes, "abcd");
  }
}

TEST(Unpack, a_large_zstd_stream_comes_out_whole) {
  std::string text;
  while (text.size() < (3u << 20)) text += sample();
  EXPECT_EQ(unpacked(frame(text), 1000).bytes, text);
}

TEST(Unpack, a_window_over_the_limit_names_the_limit) {
  std::string text(std::size_t{1} << 20, 'x');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * i >> 5);
  const Out out = unpacked(frame(text), 4096, {.window_log = 12});
  EXPECT_EQ(out.code, Errc::limit);
  EXPECT_NE(out.error.find("window_log"), std::string::npos);
}

TEST(Unpack, a_bomb_is_stopped_by_size_and_by_ratio) {
  const std::string zeros = member(std::string(std::size_t{8} << 20, '\0'));
  const Out size = unpacked(zeros, 4096, {.layer_bytes = 1 << 20});
  EXPECT_EQ(size.code, Errc::limit);
  EXPECT_NE(size.error.find("layer_bytes"), std::string::npos);
  EXPECT_EQ(unpacked(zeros, 4096, {.ratio = 10, .ratio_from = 1 << 19}).error, "");  // a layer's swap file
  const Out ratio = unpacked(zeros, 4096, {.ratio = 10, .ratio_from = 1 << 18});
  EXPECT_EQ(ratio.code, Errc::limit);
  EXPECT_NE(ratio.error.find("--limit ratio=N"), std::string::npos);
}

TEST(Unpack, compressions_that_no_layer_has_are_named) {
  EXPECT_NE(unpacked(std::string("\xFD"
                                 "7zXZ\0\0",
                                 7),
                     3)
                .error.find("xz"),
            std::string::npos);
  EXPECT_NE(unpacked("BZh91AY", 3).error.find("bzip2"), std::string::npos);
}

TEST(Unpack, plain_bytes_pass_through) {
  EXPECT_EQ(unpacked("plain", 2).bytes, "plain");
  EXPECT_EQ(unpacked("", 2).bytes, "");
}

}  // namespace
}  // namespace peekr
