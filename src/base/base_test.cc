// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <latch>
#include <stdexcept>
#include <thread>

#include "base/base64.h"
#include "base/cursor.h"
#include "base/date.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/find.h"
#include "base/pool.h"
#include "base/result.h"
#include "base/room.h"
#include "base/text.h"

namespace peekr {
namespace {

TEST(Cursor, reads_both_byte_orders_and_goes_bad_once_past_the_end) {
  Cursor in(std::string_view("\x01\x02\x03\x04\x05", 5));
  EXPECT_EQ(in.le<std::uint16_t>(), 0x0201u);
  EXPECT_EQ(in.be<std::uint16_t>(), 0x0304u);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.le<std::uint32_t>(), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(in.take(1), "");
}

TEST(Cursor, a_length_near_the_largest_number_is_past_the_end) {
  Cursor in("abc");
  EXPECT_EQ(in.take(~std::uint64_t{0}), "");
  EXPECT_FALSE(in.ok());
}

TEST(Cursor, varints_end_within_64_bits) {
  EXPECT_EQ(Cursor(std::string_view("\xAC\x02", 2)).varint(), 300u);
  Cursor endless(std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12));
  endless.varint();
  EXPECT_FALSE(endless.ok());
  Cursor cut_short("\xAC");
  EXPECT_EQ(cut_short.varint(), 0u);
  EXPECT_FALSE(cut_short.ok());
}

TEST(Text, lines_end_with_lf_or_crlf_or_the_text) {
  std::string_view rest = "a\r\n\nb";
  EXPECT_EQ(next_line(rest), "a");
  EXPECT_EQ(next_line(rest), "");
  EXPECT_EQ(next_line(rest), "b");
  EXPECT_TRUE(rest.empty());
}

TEST(Text, numbers_are_whole_and_fit) {
  EXPECT_EQ(to_number("0042"), 42u);
  EXPECT_EQ(to_number("17", 8), 15u);
  EXPECT_FALSE(to_number(""));
  EXPECT_FALSE(to_number("-1"));
  EXPECT_FALSE(to_number("1 "));
  EXPECT_FALSE(to_number("99999999999999999999999"));
}

TEST(Text, printable_leaves_no_control_character_and_only_valid_utf8) {
  EXPECT_EQ(printable("caf\xC3\xA9"), "caf\xC3\xA9");
  EXPECT_EQ(printable("\x1b[31m"), "\xEF\xBF\xBD[31m");
  EXPECT_EQ(printable("\xC3("), "\xEF\xBF\xBD(");
  EXPECT_EQ(printable("a \xC3\xA9~\x7F b\xC3"), "a \xC3\xA9~\xEF\xBF\xBD b\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\xEF\xBF\xBD"
            "31m");                                                              // CSI as one C1 character
  EXPECT_EQ(printable("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
  EXPECT_EQ(printable("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // surrogate
  EXPECT_EQ(printable("\u061C\u200E\u200F\u202A\u202E\u2066\u2069\u2028\u2029"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(printable("\u061B\u200D\u2010\u2027\u202F\u2065\u206A"),
            "\u061B\u200D\u2010\u2027\u202F\u2065\u206A");
}

TEST(Base64, comes_back_and_has_only_its_own_digits) {
  for (const std::string_view text : {"", "f", "fo", "foo", "foob", "\xFF\xFE\xFD"})
    EXPECT_EQ(base64_decoded(base64_encoded(text)), text);
  EXPECT_EQ(base64_encoded("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_decoded("Zm9vYg"), "foob");
  EXPECT_EQ(base64_decoded("Zm9v Yg"), std::nullopt);
}

TEST(Pool, results_come_in_index_order_for_any_number_of_threads) {
  for (const unsigned threads : {1u, 8u}) {
    const std::vector<int> squares =
        Pool(threads).map(100, [](std::size_t i) { return static_cast<int>(i * i); });
    for (std::size_t i = 0; i < squares.size(); ++i) EXPECT_EQ(squares[i], static_cast<int>(i * i));
  }
}

TEST(Pool, an_exception_comes_out_after_all_tasks_have_ended) {
  std::atomic<int> ended{0};
  const auto task = [&](std::size_t i) {
    ++ended;
    if (i == 3) throw std::runtime_error("three");
    return 0;
  };
  EXPECT_THROW(Pool(4).map(20, task), std::runtime_error);
  EXPECT_EQ(ended, 20);
}

TEST(Room, parts_that_fit_are_taken_at_once_and_no_more_than_there_is) {
  Room room(10);
  std::latch both{2};
  Pool(2).map(2, [&](std::size_t) { return room.with(5, [&] { return both.arrive_and_wait(), 0; }); });
  std::atomic<int> taken{0};
  const auto take = [&](std::size_t i) {
    const int bytes = static_cast<int>(i % 3 == 2 ? 10 : 4);  // of 20 it gets 10
    return room.with(i % 3 == 2 ? 20 : 4, [&] {
      const int now = taken += bytes;
      taken -= bytes;
      return now;
    });
  };
  for (const int now : Pool(4).map(200, take)) EXPECT_LE(now, 10);
  EXPECT_EQ(room.with_all([] { return 1; }), 1);
}

TEST(Find, says_what_find_says) {
  const std::string_view text("\0ab\0abc\0", 9);
  for (const std::string_view part :
       {std::string_view("ab"), std::string_view("abc\0", 4), std::string_view("x")}) {
    for (std::size_t at = 0; at <= text.size() + 1; ++at)
      EXPECT_EQ(find_in(text, part, at), text.find(part, at)) << part << at;
  }
  EXPECT_EQ(find_in({}, "a"), std::string_view::npos);
}

Result<int> half(int number) {
  if (number % 2 != 0) return fail(Errc::usage, "odd");
  return number / 2;
}
Result<int> quarter(int number) {
  const int once = TRY(half(number));
  return within("second half", half(once));
}

TEST(Date, days_are_counted_and_what_is_no_day_is_nothing) {
  EXPECT_EQ(days_between("2024-02-28", "2024-03-01T00:00:00Z"), 2);
  EXPECT_EQ(days_between("2026-11-23T23:59:59.9Z", "2025-11-23"), -365);
  for (const char* text : {"", "2024", "2024-13-01", "2023-02-29", "2024-1-001", "yesterday."}) {
    EXPECT_FALSE(days_between(text, "2024-01-01")) << text;
  }
}

TEST(Date, a_day_is_some_days_after_another) {
  EXPECT_EQ(day_after("2024-03-01T10:00:00Z", -1), "2024-02-29");
  EXPECT_EQ(day_after("2023-12-31", 1), "2024-01-01");
  EXPECT_EQ(day_after("soon", 1), "");
}

TEST(Date, times_are_parted_by_seconds) {
  EXPECT_EQ(seconds_between("2026-11-23T23:59:58Z", "2026-11-24T00:00:01.5Z"), 3);
  EXPECT_EQ(seconds_between("2026-11-24T12:00:00Z", "2026-11-23T11:59:00Z"), -86'460);
  for (const char* text : {"", "2026-11-23", "2026-11-23T24:00:00Z", "2026-11-23 10:00:00"}) {
    EXPECT_FALSE(seconds_between(text, "2026-11-23T00:00:00Z")) << text;
  }
}

TEST(Result, try_returns_the_value_or_the_error_and_within_puts_words_in_front) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(7).error().message, "odd");
  EXPECT_EQ(quarter(6).error().message, "second half: odd");
}

TEST(ReadFile, reads_all_whether_the_size_is_known_or_not) {
  const std::string name = testing::TempDir() + "peekr-read-file-" + std::to_string(::getpid());
  const std::string large(300'000, 'x');
  for (const std::string& text : {std::string(), std::string("a"), large}) {
    std::ofstream(name) << text;
    EXPECT_EQ(read_file(name, 300'000), text);
    ASSERT_EQ(::symlink(name.c_str(), (name + "-link").c_str()), 0);
    EXPECT_EQ(read_file(name + "-link", 300'000), text);
    ::unlink((name + "-link").c_str());
  }
  EXPECT_EQ(read_file(name, 299'999).error().code, Errc::limit);
  const Result<Fd> file = Fd::open(name, O_RDONLY);
  ASSERT_TRUE(file);
  ASSERT_EQ(::lseek(file->get(), 299'990, SEEK_SET), 299'990);
  EXPECT_EQ(read_rest(*file, name, 300'000), std::string(10, 'x'));
  ::unlink(name.c_str());
  ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
  std::jthread writer([&] { std::ofstream(name) << large; });
  EXPECT_EQ(read_file(name, 300'000), large);
  ::unlink(name.c_str());
}

TEST(ReadFile, names_the_path_when_it_is_absent_or_too_large) {
  EXPECT_EQ(read_file("/nonexistent/file", 10).error().code, Errc::not_found);
  const Result<std::string> large = read_file("/proc/self/cmdline", 1);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Errc::limit);
}

}  // namespace
}  // namespace peekr
