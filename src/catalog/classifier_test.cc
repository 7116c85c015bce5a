// SPDX-License-Identifier: Apache-2.0
#include "catalog/classifier.h"

#include <gtest/gtest.h>

#include <algorithm>

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

TEST(Classifier, a_version_lies_within_reach_of_its_landmark) {
  const std::string far(200, 'x');
  EXPECT_EQ(found("bin/x", "jq: error (at %s)" + std::string("\0") + far + std::string("\0001.7\0", 5)), "");
}

}  // namespace
}  // namespace peekr
