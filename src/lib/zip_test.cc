// SPDX-License-Identifier: Apache-2.0
#include "lib/zip.h"

#include <gtest/gtest.h>
#include <minizip/zip.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace peekr {
namespace {

namespace fs = std::filesystem;

class ZipTest : public testing::Test {
 protected:
  ZipTest() : path_(fs::temp_directory_path() / ("peekr-zip-" + std::to_string(::getpid()) + ".zip")) {}
  ~ZipTest() override { fs::remove(path_); }

  void add(const std::string& name, const std::string& bytes, int method = Z_DEFLATED) {
    zipFile file =
        zipOpen64(path_.c_str(), fs::exists(path_) ? APPEND_STATUS_ADDINZIP : APPEND_STATUS_CREATE);
    ASSERT_EQ(
        zipOpenNewFileInZip64(file, name.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, method, 6, 0),
        ZIP_OK);
    ASSERT_EQ(zipWriteInFileInZip(file, bytes.data(), static_cast<unsigned>(bytes.size())), ZIP_OK);
    ASSERT_EQ(zipCloseFileInZip(file), ZIP_OK);
    ASSERT_EQ(zipClose(file, nullptr), ZIP_OK);
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  fs::path path_;
};

TEST_F(ZipTest, members_come_in_order_without_folders) {
  add("a.json", "first");
  add("folder/", "");
  add("folder/b.json", std::string(100'000, 'b'), 0);
  add("../empty", "");
  Result<Zip> zip = Zip::open(path_);
  ASSERT_TRUE(zip);
  ZipMember member;
  ASSERT_TRUE(zip->next(member).value());
  EXPECT_EQ(member.name, "a.json");
  EXPECT_EQ(member.size, 5u);
  EXPECT_EQ(zip->read(5).value(), "first");
  ASSERT_TRUE(zip->next(member).value());
  EXPECT_EQ(member.name, "folder/b.json");
  EXPECT_EQ(zip->read(1 << 20).value(), std::string(100'000, 'b'));
  ASSERT_TRUE(zip->next(member).value());
  EXPECT_EQ(member.name, "../empty");
  EXPECT_EQ(zip->read(0).value(), "");
  EXPECT_FALSE(zip->next(member).value());
  EXPECT_FALSE(zip->next(member).value());
}

TEST_F(ZipTest, a_member_may_be_left_unread) {
  add("a", "first");
  add("b", "second");
  Result<Zip> zip = Zip::open(path_);
  ASSERT_TRUE(zip);
  ZipMember member;
  ASSERT_TRUE(zip->next(member).value());
  ASSERT_TRUE(zip->next(member).value());
  EXPECT_EQ(zip->read(10).value(), "second");
}

TEST_F(ZipTest, a_bomb_ends_at_the_limit_and_the_next_member_is_still_read) {
  add("bomb", std::string(64 << 20, '\0'));
  add("b", "second");
  Result<Zip> zip = Zip::open(path_);
  ASSERT_TRUE(zip);
  ZipMember member;
  ASSERT_TRUE(zip->next(member).value());
  const Result<std::string> bomb = zip->read(1 << 20);
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().code, Errc::limit);
  EXPECT_NE(bomb.error().message.find("bomb: unpacks to more than 1048576 bytes"), std::string::npos);
  ASSERT_TRUE(zip->next(member).value());
  EXPECT_EQ(zip->read(10).value(), "second");
}

TEST_F(ZipTest, a_changed_byte_is_a_wrong_checksum) {
  add("a", "first", 0);
  std::string changed = bytes();
  changed[changed.find("first")] = 'F';
  write(changed);
  Result<Zip> zip = Zip::open(path_);
  ASSERT_TRUE(zip);
  ZipMember member;
  ASSERT_TRUE(zip->next(member).value());
  const Result<std::string> read = zip->read(10);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::damaged);
}

TEST_F(ZipTest, no_zip_file_is_an_error) {
  EXPECT_EQ(Zip::open(path_).error().code, Errc::not_found);
  write("no zip");
  EXPECT_EQ(Zip::open(path_).error().code, Errc::damaged);
  write("");
  EXPECT_EQ(Zip::open(path_).error().code, Errc::damaged);
}

TEST_F(ZipTest, one_behind_something_else_and_with_a_comment_is_read) {
  add("a", std::string(300'000, 'a'));
  add("b", "second");
  std::string whole = "#!/bin/sh\n" + bytes() + std::string(60'000, '#');
  const std::size_t end = whole.rfind("PK\x05\x06");
  whole[end + 20] = static_cast<char>(60'000 & 0xFF);  // the length of the comment
  whole[end + 21] = static_cast<char>(60'000 >> 8);
  write(whole);
  Result<Zip> zip = Zip::open(path_);
  ASSERT_TRUE(zip) << zip.error().message;
  ZipMember member;
  ASSERT_TRUE(zip->next(member).value());
  EXPECT_EQ(zip->read(1 << 20).value(), std::string(300'000, 'a'));
  ASSERT_TRUE(zip->next(member).value());
  EXPECT_EQ(zip->read(10).value(), "second");
}

TEST_F(ZipTest, an_end_record_inside_a_comment_hides_nothing) {
  add("a", "first");
  const std::string plain = bytes();
  const std::string empty = std::string("PK\x05\x06") + std::string(18, '\0') + "x";
  std::string whole = plain + empty;
  whole[plain.size() - 2] = static_cast<char>(empty.size());
  for (const std::string& file : {whole, plain + empty}) {  // as a comment, and as bytes behind the end
    write(file);
    Result<Zip> zip = Zip::open(path_);
    ASSERT_TRUE(zip) << zip.error().message;
    ZipMember member;
    ASSERT_TRUE(zip->next(member).value());
    EXPECT_EQ(zip->read(10).value(), "first");
  }
}

TEST_F(ZipTest, a_directory_that_lacks_entries_is_damaged) {
  add("a", "first");
  add("b", "second");
  const std::string whole = bytes();
  const std::size_t end = whole.rfind("PK\x05\x06");
  std::string none = whole, three = whole, appended = whole + "PK\x05\x06" + std::string(18, '\0');
  for (std::size_t i = 12; i < 16; ++i) none[end + i] = 0;
  three[end + 10] = 3;
  for (const std::string& damaged : {none, three}) {
    write(damaged);
    Result<Zip> zip = Zip::open(path_);
    ZipMember member;
    Result<bool> more = true;
    while (zip && more && *more) more = zip->next(member);
    EXPECT_FALSE(zip && more);
  }
  write(appended);
  Result<Zip> zip = Zip::open(path_);
  ZipMember member;
  EXPECT_TRUE(zip && zip->next(member).value());
}

TEST_F(ZipTest, what_the_directory_claims_of_a_size_is_not_believed) {
  add("a", std::string(5000, 'a'));
  const std::string whole = bytes();
  const std::size_t entry = whole.rfind("PK\x01\x02");
  for (const std::uint32_t claimed : {0u, 1u, 4999u, 5001u, 1u << 20, 0xFFFFFFFEu}) {
    std::string changed = whole;
    for (unsigned i = 0; i < 4; ++i) changed[entry + 24 + i] = static_cast<char>(claimed >> (8 * i));
    write(changed);
    Result<Zip> zip = Zip::open(path_);
    ZipMember member;
    ASSERT_TRUE(zip->next(member).value());
    EXPECT_EQ(zip->read(10'000).value(), std::string(5000, 'a')) << claimed;
    EXPECT_EQ(zip->read(4999).error().code, Errc::limit) << claimed;
  }
}

// Whatever is done to the file, reading it ends.
TEST_F(ZipTest, damaged_files_are_survived) {
  add("a.json", std::string(3000, 'a') + "b");
  add("b.json", "second", 0);
  add("c.json", std::string(100, 'c'));
  const std::string whole = bytes();
  std::mt19937 random(1);
  std::size_t read = 0;
  for (std::size_t round = 0; round < 600; ++round) {
    std::string damaged = round < 200 ? whole.substr(0, whole.size() * round / 200) : whole;
    if (round >= 200) damaged[random() % damaged.size()] ^= static_cast<char>(1u << (random() % 8));
    write(damaged);
    Result<Zip> zip = Zip::open(path_);
    ZipMember member;
    for (int i = 0; zip && i < 10; ++i) {
      const Result<bool> more = zip->next(member);
      if (!more || !*more) break;
      if (zip->read(1 << 16)) ++read;
    }
  }
  EXPECT_GT(read, 0u);
}

}  // namespace
}  // namespace peekr
