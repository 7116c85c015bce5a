// SPDX-License-Identifier: Apache-2.0
#include "lib/lmdb.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

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
    Result<LmdbWriter> writer = LmdbWriter::create(folder_, kTables);
    ASSERT_TRUE(writer);
    for (const char* key : {"b", "a", "ab", "abc", "c"})
      ASSERT_TRUE(writer->put(0, key, std::string(key) + "!"));
    ASSERT_TRUE(writer->put(1, "a", ""));
    ASSERT_TRUE(writer->commit());
    ASSERT_TRUE(writer->remove(0, "c"));
    ASSERT_TRUE(writer->remove(0, "never there"));
    EXPECT_EQ(writer->get(0, "b").value(), "b!");
    EXPECT_FALSE(writer->get(0, "c").value());
    ASSERT_TRUE(writer->close());
  }

  fs::path folder_;
};

TEST_F(LmdbTest, what_was_written_is_read) {
  fill();
  const Result<LmdbReader> reader = LmdbReader::open(folder_, kTables);
  ASSERT_TRUE(reader) << reader.error().message;
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
  EXPECT_FALSE(fs::exists(folder_ / "lock.mdb"));
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

}  // namespace
}  // namespace peekr
