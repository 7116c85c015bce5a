// SPDX-License-Identifier: Apache-2.0
#include "lib/lmdb.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <vector>

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kTables = {"one", "two"};

class LmdbTest : public testing::Test {
 protected:
  LmdbTest() : folder_(fs::temp_directory_path() / ("peekr-lmdb-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~LmdbTest() override { fs::remove_all(folder_); }

  void fill() const {
    Result<LmdbWriter> writer = LmdbWriter::open(folder_, kTables);
    ASSERT_TRUE(writer);
    for (const char* key : {"b", "a", "ab", "abc", "c"})
      ASSERT_TRUE(writer->put(0, key, std::string(key) + "!"));
    ASSERT_TRUE(writer->put(1, "a", ""));
    ASSERT_TRUE(writer->commit());
    ASSERT_TRUE(writer->remove(0, "c"));
    ASSERT_TRUE(writer->remove(0, "never there"));
    EXPECT_EQ(writer->get(0, "b").value(), "b!");
    EXPECT_FALSE(writer->get(0, "c").value());
    ASSERT_TRUE(writer->commit());
  }

  fs::path folder_;
};

TEST_F(LmdbTest, what_was_written_is_read) {
  fill();
  const Result<LmdbReader> reader = LmdbReader::open(folder_, kTables);
  ASSERT_TRUE(reader) << reader.error().message;
  for (const std::string_view prefix :
       {"", "a", "abc", "zz", "\xFF"}) {  // which changes nothing that can be seen
    reader->expect(0, prefix, 1 << 20);
    reader->expect(1, prefix, 0);
  }
  EXPECT_EQ(reader->get(0, "ab").value(), "ab!");
  EXPECT_EQ(reader->get(1, "a").value(), "");
  EXPECT_FALSE(reader->get(1, "ab").value());
  EXPECT_FALSE(reader->get(0, "").value());
  EXPECT_FALSE(reader->get(0, std::string(5000, 'x')).value_or(std::nullopt));
  EXPECT_EQ(reader->size(0).value(), 4u);
  std::string keys;
  EXPECT_TRUE(reader->each(0, "ab", [&](std::string_view key, std::string_view value) {
    keys += std::string(key) + "=" + std::string(value) + " ";
    return true;
  }));
  EXPECT_EQ(keys, "ab=ab! abc=abc! ");
  std::size_t seen = 0;
  EXPECT_TRUE(reader->each(0, "", [&](std::string_view, std::string_view) { return ++seen < 3; }));
  EXPECT_EQ(seen, 3u);
}

TEST_F(LmdbTest, nothing_there_is_not_found_and_no_lmdb_file_is_damaged) {
  EXPECT_EQ(LmdbReader::open(folder_, kTables).error().code, Errc::not_found);
  EXPECT_EQ(LmdbReader::open("/nowhere/at/all", kTables).error().code, Errc::not_found);
  std::ofstream(folder_ / "data.mdb") << std::string(100'000, 'x');
  EXPECT_EQ(LmdbReader::open(folder_, kTables).error().code, Errc::damaged);
  std::ofstream(folder_ / "data.mdb") << "";
  EXPECT_EQ(LmdbReader::open(folder_, kTables).error().code, Errc::damaged);
}

TEST_F(LmdbTest, a_file_cut_short_is_damaged) {
  fill();
  const std::uintmax_t size = fs::file_size(folder_ / "data.mdb");
  for (std::uintmax_t left = size - 1; left > 0; left = left > 1000 ? left - 1000 : 0) {
    fs::resize_file(folder_ / "data.mdb", left);
    const Result<LmdbReader> reader = LmdbReader::open(folder_, kTables);
    ASSERT_FALSE(reader) << left << " bytes";
    EXPECT_NE(reader.error().code, Errc::not_found) << reader.error().message;
  }
}

TEST_F(LmdbTest, a_missing_table_is_damaged) {
  fill();
  constexpr std::array<std::string_view, 1> kOther = {"three"};
  EXPECT_EQ(LmdbReader::open(folder_, kOther).error().code, Errc::damaged);
}

Result<std::string> read(const LmdbReader& reader, std::string_view key) {
  return std::string(TRY(reader.get(0, key)).value_or("none"));
}

TEST_F(LmdbTest, what_is_not_committed_is_not_there) {
  fill();
  {
    Result<LmdbWriter> writer = LmdbWriter::open(folder_, kTables);
    ASSERT_TRUE(writer->put(0, "a", "new"));
    EXPECT_EQ(read(*LmdbReader::open(folder_, kTables), "a"), "a!");
  }
  EXPECT_EQ(read(*LmdbReader::open(folder_, kTables), "a"), "a!");
  {
    Result<LmdbWriter> writer = LmdbWriter::fresh(folder_, kTables);
    ASSERT_TRUE(writer->put(0, "a", "new"));
    EXPECT_EQ(writer->get(0, "a").value(), "new");
    EXPECT_EQ(read(*LmdbReader::open(folder_, kTables), "a"), "a!");
  }
  EXPECT_EQ(read(*LmdbReader::open(folder_, kTables), "a"), "a!");
  EXPECT_FALSE(fs::exists(folder_ / "data.mdb.new"));
}

TEST_F(LmdbTest, a_fresh_file_goes_to_the_disk_as_it_grows_also_where_it_is_looked_into) {
  Result<LmdbWriter> writer = LmdbWriter::fresh(folder_, kTables);
  const std::string value(4000, 'v');
  for (int i = 0; i < 6000; ++i) {
    const std::string key = std::to_string(i);
    ASSERT_TRUE(writer->put(0, key, value));
    ASSERT_EQ(writer->get(0, key).value(), value);
  }
  EXPECT_GT(fs::file_size(folder_ / "data.mdb.new"), 16u << 20);  // of 24 MB, which would be held as pages
}

// Whatever the order in which they came, and whether somebody looked in between.
TEST_F(LmdbTest, a_fresh_file_has_what_was_put_last_under_each_key) {
  std::mt19937 random(7);
  std::map<std::string, std::string> want;
  Result<LmdbWriter> writer = LmdbWriter::fresh(folder_, kTables);
  for (int i = 0; i < 20'000; ++i) {
    // Keys that begin alike, end in a NUL or in the middle of eight bytes.
    std::string key = "Debian:12" + std::string(random() % 12, '\0') + std::to_string(random() % 4000);
    if (random() % 3 == 0) key += '\0';
    want[key] = std::string(random() % 200, 'v') + std::to_string(i);
    ASSERT_TRUE(writer->put(0, key, want[key]));
    ASSERT_TRUE(writer->put(1, std::to_string(i), ""));
    if (i % 1000 == 999) {
      ASSERT_TRUE(writer->remove(0, key));
      want.erase(key);
    }
    if (i % 997 == 0 && want.contains(key)) {
      EXPECT_EQ(writer->get(0, key).value(), want[key]);
    }
  }
  ASSERT_TRUE(writer->commit());
  const Result<LmdbReader> reader = LmdbReader::open(folder_, kTables);
  auto next = want.begin();
  EXPECT_TRUE(reader->each(0, "", [&](std::string_view key, std::string_view value) {
    EXPECT_EQ(key, next->first);
    EXPECT_EQ(value, next->second);
    return ++next != want.end();
  }));
  EXPECT_EQ(reader->size(0), want.size());
  EXPECT_EQ(reader->size(1), 20'000u);
}

TEST_F(LmdbTest, a_fresh_file_has_full_pages_whatever_the_order) {
  constexpr std::size_t kRows = 20'000, kValue = 100;
  std::mt19937 random(7);
  {
    Result<LmdbWriter> writer = LmdbWriter::fresh(folder_, kTables);
    for (std::size_t i = 0; i < kRows; ++i)
      ASSERT_TRUE(writer->put(0, std::to_string(random()), std::string(kValue, 'v')));
    ASSERT_TRUE(writer->commit());
  }
  EXPECT_LT(fs::file_size(folder_ / "data.mdb"), kRows * kValue * 5 / 4);
}

// More than is held in memory, and than one transaction has.
TEST_F(LmdbTest, a_fresh_file_may_be_larger_than_what_is_held) {
  constexpr std::size_t kRows = 2'000, kValue = 50'000;
  {
    Result<LmdbWriter> writer = LmdbWriter::fresh(folder_, kTables);
    for (std::size_t i = 0; i < kRows; ++i)
      ASSERT_TRUE(writer->put(0, std::to_string(i * 7919 % kRows),
                              std::string(kValue, static_cast<char>('a' + i % 26))));
    ASSERT_TRUE(writer->commit());
  }
  const Result<LmdbReader> reader = LmdbReader::open(folder_, kTables);
  EXPECT_EQ(reader->size(0), kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    const std::string value = read(*reader, std::to_string(i * 7919 % kRows)).value();
    ASSERT_EQ(value, std::string(kValue, static_cast<char>('a' + i % 26))) << i;
  }
}

TEST_F(LmdbTest, a_second_writer_is_told_who_the_first_one_is) {
  fill();
  Result<LmdbWriter> writer = LmdbWriter::open(folder_, kTables);
  const Result<LmdbWriter> second = LmdbWriter::open(folder_, kTables);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("process " + std::to_string(::getpid()) + " is writing it"),
            std::string::npos)
      << second.error().message;
  writer = fail(Errc::cancelled, "done");
  EXPECT_TRUE(LmdbWriter::open(folder_, kTables));
}

// Each commit frees pages, which the third one after it writes to again.
TEST_F(LmdbTest, each_reader_sees_its_own_state_however_many_commits_follow) {
  Result<LmdbWriter> writer = LmdbWriter::open(folder_, kTables);
  std::vector<LmdbReader> readers;
  constexpr int kStates = 40;
  for (int state = 0; state < kStates; ++state) {
    for (int key = 0; key < 200; ++key)
      ASSERT_TRUE(writer->put(0, std::to_string(key), std::string(100, 'x') + std::to_string(state)));
    ASSERT_TRUE(writer->commit());
    Result<LmdbReader> reader = LmdbReader::open(folder_, kTables);
    ASSERT_TRUE(reader) << reader.error().message;
    if (state % 3 == 0) readers.push_back(*std::move(reader));
  }
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const std::string want = std::string(100, 'x') + std::to_string(3 * i);
    EXPECT_EQ(readers[i].size(0), 200u);
    for (int key = 0; key < 200; ++key) ASSERT_EQ(read(readers[i], std::to_string(key)), want) << i;
  }
}

TEST_F(LmdbTest, without_readers_pages_are_used_again) {
  Result<LmdbWriter> writer = LmdbWriter::open(folder_, kTables);
  std::uintmax_t after_ten = 0;
  for (int state = 0; state < 100; ++state) {
    for (int key = 0; key < 200; ++key)
      ASSERT_TRUE(writer->put(0, std::to_string(key), std::string(100, 'x') + std::to_string(state)));
    ASSERT_TRUE(writer->commit());
    if (state == 10) after_ten = fs::file_size(folder_ / "data.mdb");
  }
  EXPECT_LE(fs::file_size(folder_ / "data.mdb"), after_ten + 4096);
}

TEST_F(LmdbTest, a_compacted_file_holds_the_same_in_less) {
  fill();
  Result<LmdbWriter> writer = LmdbWriter::open(folder_, kTables);
  for (int key = 0; key < 2000; ++key) ASSERT_TRUE(writer->put(1, std::to_string(key), "value"));
  ASSERT_TRUE(writer->commit());
  for (int key = 0; key < 2000; ++key) ASSERT_TRUE(writer->remove(1, std::to_string(key)));
  ASSERT_TRUE(writer->commit());
  const Result<LmdbReader> before = LmdbReader::open(folder_, kTables);
  const std::uintmax_t size = fs::file_size(folder_ / "data.mdb");
  ASSERT_TRUE(writer->compact());
  EXPECT_LT(fs::file_size(folder_ / "data.mdb"), size);
  EXPECT_EQ(read(*before, "ab"), "ab!");
  EXPECT_EQ(read(*LmdbReader::open(folder_, kTables), "ab"), "ab!");
  ASSERT_TRUE(writer->put(0, "ab", "after"));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(read(*LmdbReader::open(folder_, kTables), "ab"), "after");
}

TEST_F(LmdbTest, a_directory_with_other_things_in_it_is_left_alone) {
  std::ofstream(folder_ / "letter.txt") << "dear";
  EXPECT_EQ(LmdbWriter::open(folder_, kTables).error().code, Errc::usage);
  EXPECT_EQ(LmdbWriter::fresh(folder_, kTables).error().code, Errc::usage);
  EXPECT_FALSE(fs::exists(folder_ / "lock"));
}

}  // namespace
}  // namespace peekr
