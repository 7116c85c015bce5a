// SPDX-License-Identifier: Apache-2.0
#include "catalog/classifier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "lib/regex.h"

namespace peekr {
namespace {

TEST(Classifier, rows_are_sorted_by_family_and_whole) {
  const std::span<const Classifier> rows = all_classifiers();
  EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &Classifier::family));
  for (const Classifier& row : rows) {
    EXPECT_NE(row.package.find('/'), std::string_view::npos) << row.family;
    EXPECT_NE(row.cpes.find(':'), std::string_view::npos) << row.family;
    EXPECT_FALSE(row.landmark.empty() && row.file.empty()) << row.family << " would be looked for everywhere";
    EXPECT_FALSE(row.landmark.empty() && row.reach != 0) << row.family << " has no place to look around";
  }
}

TEST(Classifier, landmarks_for_every_executable_are_long) {
  for (const Classifier& row : all_classifiers()) {
    if (!row.file.empty()) continue;
    for (const std::string_view texts : {row.landmark, row.also}) {
      for (const std::string_view one : split(texts, '|')) {
        EXPECT_TRUE(texts.empty() || one.size() >= 7) << row.family << ": " << one;
      }
    }
  }
}

TEST(Classifier, every_expression_compiles) {
  for (const Classifier& row : all_classifiers()) {
    if (row.version.starts_with('=')) continue;  // a version, no expression
    EXPECT_TRUE(Regex(row.version).find("").empty()) << row.family << ": finds something in nothing";
  }
}

std::string found(std::string_view path, std::string_view bytes) {
  const Result<std::vector<Classified>> all = classify({.path = Path(path), .bytes = bytes});
  if (!all) return all.error().message;
  std::string out;
  for (const Classified& one : *all) out += std::string(one.row->package) + " " + one.version + ";";
  return out;
}

TEST(Classifier, what_a_program_says_of_a_library_that_it_uses_is_not_that_library) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(found("bin/x", "\0OpenSSL 3.0.9 30 May 2023\0"sv), "");
  EXPECT_EQ(found("bin/x", "\0OpenSSL 3.0.9 30 May 2023\0crypto/evp/digest.c\0"sv), "generic/openssl 3.0.9;");
  EXPECT_EQ(found("bin/x", "\0libcurl/%s\0curl/%d\0"sv), "");
}

TEST(Classifier, of_one_family_the_first_row_counts) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(found("bin/x", "\0/percona-server-8.0.35-27/sql\0/mysql-8.0.35/\0"sv),
            "generic/percona-server 8.0.35;");
}

// As they stand in the files of Deno 2.9.6, opencv-python-headless, cmake 3.20.5, lxml 4.9.1 and 6.1.3, apsw 3.54.1, Lua 5.1.5, libzstd,
// toybox and cabal-install of Debian, pillow 9.5, and a libpython of pyenv.
TEST(Classifier, what_real_files_hold_is_found) {
  using std::string_view_literals::operator""sv;
  constexpr std::string_view kXml = "program compiled against libxml %d using libxml %d\0";
  const auto xml = [&](std::string_view version) {
    return found("bin/x", std::string(kXml) + std::string(900, 'x') + std::string(version));
  };
  EXPECT_EQ(xml("\00020914\0Free"sv), "generic/libxml2 2.9.14;");
  EXPECT_EQ(xml("\00021406\0006.1.3\0"sv), "generic/libxml2 2.14.6;");
  EXPECT_EQ(xml("\00021000\0HY000\00021404\0"sv), "generic/libxml2 2.14.4;") << "PHP's SQLSTATE";
  struct Row {
    std::string_view path, bytes, want;
  };
  const std::vector<Row> rows = {
      {"bin/x", "\0Deno/0.80.0 (\0Deno/2.9.6\0"sv, "generic/deno 2.9.6;"},
      {"bin/x", "This is a bug in bzip2/libbzip2, %s.\0001.0.6, 6-Sept-2010\0"sv, "generic/bzip2 1.0.6;"},
      {"bin/x", "u1.0.8, 13-Jul-2019\0This is a bug in bzip2/libbzip2, %s."sv, "generic/bzip2 1.0.8;"},
      {"bin/x", "\xFD\xFE\xFF\x01\0\0\x01\x01\0\0\x01\0\x01\0\x01\x01\0\x01\0\0\x01\x33.54.1\0"sv,
       "generic/sqlite 3.54.1;"},
      {"bin/x", "\0$Lua: Lua 5.1.5 Copyright (C) 1994-2012 Lua.org, PUC-Rio $\0"sv, "generic/lua 5.1.5;"},
      {"bin/x", "/usr/lib/x86_64-linux-ghc-9.0.2/cabal-install-3.4.1.0\0cabal_install_libexecdir\0"sv,
       "generic/haskell/cabal 3.4.1.0;"},
      {"bin/x", "\x95\xF5\x03\x33.53.2\0\0\x0E\0SQLite format 3\0\xD9\xD5"sv, "generic/sqlite 3.53.2;"},
      {"bin/x", "\0003.11.7\0SQLite format 3\0"sv, ""},
      {"lib/x", "\0lzma_version_string\0\0005.4.2\0YZ\xFD\x37zXZ\0"sv, "generic/xz 5.4.2;"},
      {"lib/x", "\xFD\x37zXZ\0YZ\0005.4.2\0\0lzma_version_string\0"sv, "generic/xz 5.4.2;"},
      {"lib/x", "\0lzma_code\0\0005.4.2\0YZ\xFD\x37zXZ\0"sv, ""},
      {"lib/liblzma.so.5", "\0005.4.2\0"sv, "generic/xz 5.4.2;"},
      {"lib/x", "\x85\x31.5.4\0Restored data doesn't match checksum\0ZSTD_versionString\0"sv,
       "generic/zstd 1.5.4;"},
      {"bin/x",
       "\0001.3.1\0\0001.6.37\0Restored data doesn't match checksum\0\0001.5.4\0ZSTD_versionString\0"sv,
       "generic/zstd 1.5.4;"},
      {"lib/x", "\0001.5.4\0ZSTD_versionString\0"sv, ""},
      {"bin/x", "\x85\x31.3.5\0Restored data doesn't match checksum\0ZSTD_versionString\0"sv,
       "generic/zstd 1.3.5;"},
      {"bin/x", "\0001.3.1\0Restored data doesn't match checksum\0"sv, ""},
      {"bin/x",
       "\0001.3.1\0Restored data doesn't match checksum\0 deflate 1.3.1 Copyright 1995-2024 \0ZSTD_versionString\0"sv,
       "generic/zlib 1.3.1;"},
      {"lib/libzstd.so.1.2.0", "\x85\x31.2.0\0"sv, "generic/zstd 1.2.0;"},
      {"bin/x", "Toybox %s multicall binary%s\0--long\0000.8.9\0acpi\0"sv, "generic/toybox 0.8.9;"},
      {"bin/x", "%.80s (%.80s) %.80s\0/root/.pyenv/versions/3.11.7\0EXEC_PREFIX\0"sv,
       "generic/python 3.11.7;"},
      {"bin/x", "\0/root/.pyenv/versions/3.11.7\0"sv, ""},
  };
  for (const Row& row : rows) EXPECT_EQ(found(row.path, row.bytes), row.want) << row.bytes;
}

TEST(Classifier, a_version_lies_within_reach_of_its_landmark) {
  using std::string_view_literals::operator""sv;
  const std::string other = std::string("\0005.2.1\0\0001.5.2\0"sv) + std::string(4000, 'x');
  EXPECT_EQ(found("bin/x", other + std::string("\0005.4.2\0YZ\xFD\x37zXZ\0lzma_version_string\0"sv)),
            "generic/xz 5.4.2;");
  EXPECT_EQ(found("bin/x", other + std::string("Restored data doesn't match checksum\0\0001.5.4\0"
                                               "ZSTD_versionString\0"sv)),
            "generic/zstd 1.5.4;");
  EXPECT_EQ(found("lib/x", std::string("\0001.3.8\0"sv) + std::string(5028, 'x') +
                               std::string("Restored data doesn't match checksum\0ZSTD_versionString\0"sv)),
            "generic/zstd 1.3.8;");
  const std::string_view old = "\0001.3.5\0Restored data doesn't match checksum\0ZSTD_versionString\0"sv;
  const auto piece = classify({.path = Path("bin/x"), .bytes = old, .size = 3 * old.size()});
  EXPECT_TRUE(piece && piece->empty()) << "zlib may be in another piece, and 1.3.5 be its version";
  const std::string far(200, 'x');
  EXPECT_EQ(found("bin/x", "jq: error (at %s)" + std::string("\0") + far + std::string("\0001.7\0", 5)), "");
}

}  // namespace
}  // namespace peekr
