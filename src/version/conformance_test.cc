// SPDX-License-Identifier: Apache-2.0
// Every published vector of our schemes in $PEEKR_SHARED/conformance/versions:
//   order.tsv.zst    scheme, a, op, b, source
//   oracle.tsv       the same without source: answers of dpkg 1.21.22 and librpm 4.18.0
//   constraints.tsv  scheme, version, constraint ("> 1, < 2 || = 3"; empty: any), true or false
//   disputed.tsv     rows that the native tools contradict: left out
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "version/ordering.h"
#include "version/scheme.h"

namespace peekr {
namespace {

using ordering::Sign;

using Row = std::vector<std::string>;

// Vectors that we answer otherwise, on purpose: some 50 of 60,000. Beside them Python versions from before PEP 440 ("0.3m1"),
// which are no versions here, so that a match says "cannot be ordered".
struct Exception {
  std::string_view scheme, a, middle, b, why;
};

constexpr std::string_view kNoDigit = "no apk version begins so; apk 3 finds no order in it";
constexpr std::string_view kSameBreak = "apk 3 stops at the same error in both and calls them equal";
constexpr std::string_view kOneEpoch = "grype ignores an epoch only one side has; librpm reads none as 0";
constexpr std::string_view kShorter = "grype cuts the longer release; librpm says the shorter one is older";

constexpr std::string_view kPadded = "PHP's own order; Composer fills up to four numbers first";
constexpr std::string_view kWord = "no version that Composer accepts";
constexpr std::string_view kLower = "Composer reads stabilities without regard to case";
constexpr std::string_view kMaven =
    "ComparableVersion of Maven 3.8.7 says otherwise: a word behind a dot begins a list as behind a dash";
constexpr std::string_view kUnderscore = "\"_\" is before letters in ComparableVersion's text order";
constexpr std::string_view kDots = "scanners' leniency: dots and dashes are different separators in SemVer";
constexpr std::string_view kEmpty = "an empty text is no version here";

constexpr Exception kExceptions[] = {
    {"apk", ".1", "<", "1", kNoDigit},
    {"apk", "1", ">", ".1", kNoDigit},
    {"apk", ".2", ">", ".1", kNoDigit},
    {"apk", "a", "<", "b", kNoDigit},
    {"apk", "c", ">", "b", kNoDigit},
    {"apk", "c", "=", "c", kNoDigit},
    {"apk", "0..1..0", "<", "0..1..1", kSameBreak},
    {"apk", "0...1...0", "<", "0...1...1", kSameBreak},
    {"apk", "0.8.21.r2", ">", "0.8.21.r1", kSameBreak},
    {"composer", "1.0.0", ">", "1.0", kPadded},
    {"composer", "1.2.3.#", "=", "1.2.3.1", kWord},
    {"composer", "3.0.0b1", "<", "3.0.0b1.post1", kWord},
    {"composer", "3.2.0rc1", "<", "3.2.0rc1.post1", kWord},
    {"composer", "3.5.2", "<", "3.5.2.post1", kWord},
    {"composer", "5.1.0-stable", "<", "5.1.0-beta2", kWord},
    {"composer", "v1.9.0-ALPHA.1", "=", "v1.9.0-BETA.1", kLower},
    {"composer", "v1.9.0-ALPHA.2", "=", "v1.9.0-BETA.2", kLower},
    {"composer", "v1.9.0-BETA.1", "<", "v1.9.0-ALPHA.2", kLower},
    {"composer", "v3.0", "<", "v3.0.0-beta", kPadded},
    {"composer", "v3.4", "<", "v3.4.0-alpha", kPadded},
    {"composer", "v4-beta4", "<", "v4.0-alpha", kPadded},
    {"composer", "v4.4", "<", "v4.4.0-beta", kPadded},
    {"composer", "v6.6", "<", "v6.6.0-beta", kPadded},
    {"gem", "", "=", "0", kEmpty},
    {"maven", "1.0.0-gradle-rework-beta3", "<", "1.0.0.RC7-3", kMaven},
    {"maven", "1.0.0rc0", "<", "1.0.beta8", kMaven},
    {"maven", "1.1.0-01-glassfish", "<", "1.1.0.Beta1", kMaven},
    {"maven", "1.1.31.sec10", "<", "1.1.31_noneautotype", kUnderscore},
    {"maven", "1.1.34.sec10", "<", "1.1.34_noneautotype", kUnderscore},
    {"maven", "1.1.46.sec10", "<", "1.1.46_noneautotype", kUnderscore},
    {"maven", "1.2.31.sec10", "<", "1.2.31_noneautotype", kUnderscore},
    {"maven", "1.2.48.sec10", "<", "1.2.48_noneautotype", kUnderscore},
    {"maven", "1.2.54.sec10", "<", "1.2.54_noneautotype", kUnderscore},
    {"maven", "1.2.60.sec10", "<", "1.2.60_noneautotype", kUnderscore},
    {"maven", "1.2.67.sec10", "<", "1.2.67_noneautotype", kUnderscore},
    {"maven", "1.2.8.sec10_noneautotype", "<", "1.2.8_noneautotype", kUnderscore},
    {"maven", "1.5.9.RC1", "<", "1.5.9-RC0", kMaven},
    {"maven", "2.0.a", "<", "2.0.0.a", kMaven},
    {"maven", "2.9.0-1", "<", "2.9.0.RC1", kMaven},
    {"maven", "6.1.12.rc5", "<", "6.1.12rc1", kMaven},
    {"semver", "1.0.0.alpha.beta", "= 1.0.0-alpha-beta", "true", kDots},
    {"semver", "1.0.0.rc.alpha", "= 1.0.0-rc-alpha", "true", kDots},
    {"rpm", "1:0", "< 1", "true", kOneEpoch},
    {"rpm", "1.0", "< 2:1.0", "false", kOneEpoch},
    {"rpm", "2:4.19.01-1.el7_5", "<= 4.19.1-1.el7_5", "true", kOneEpoch},
    {"rpm", "4.19.01-1.el7_5", "< 2:4.19.1-1.el7_5", "false", kOneEpoch},
    {"rpm", "4.19.0-1.el7_5", "< 12:4.19.0-1.el7", "false", kOneEpoch},
    {"rpm", "4.19.0-1.el7_5", "<= 12:4.19.0-1.el7", "false", kOneEpoch},
    {"rpm", "3:4.19.0-1.el7_5", "< 4.21.0-1.el7", "true", kOneEpoch},
    {"rpm", "8.3.1-5.el8", "< 0:8.3.1-5.el8.0.0", "false", kShorter},
    {"rpm", "8.3.1-5.el8.0.0", "> 0:8.3.1-5.el8", "false", kShorter},
};

std::string shared() {
  const char* set = std::getenv("PEEKR_SHARED");
  return (set != nullptr ? set : PEEKR_SOURCE_DIR "/../shared") + std::string("/conformance/versions/");
}

bool is_excepted(const Row& row) {
  return std::ranges::any_of(kExceptions, [&](const Exception& one) {
    return one.scheme == row[0] && one.a == row[1] && one.middle == row[2] && one.b == row[3];
  });
}

// The rows of our schemes; comments and the header begin with "#".
std::vector<Row> rows(std::string_view text, std::size_t columns) {
  std::vector<Row> found;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.empty() || line.starts_with('#')) continue;
    Row row;
    for (const std::string_view column : split(line, '\t')) row.emplace_back(column);
    if (row.size() < columns) {
      ADD_FAILURE() << "too few columns: " << line;
    } else if (find_scheme(row[0]) != nullptr) {
      found.push_back(std::move(row));
    }
  }
  return found;
}

std::string file(const std::string& name) {
  std::ifstream in(shared() + name, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string unpacked(const std::string& name) {
  const std::string command = "zstd -dcq '" + shared() + name + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  char buffer[1 << 16];
  while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe.get())) text.append(buffer, size);
  return text;
}

class Conformance : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::ifstream(shared() + "oracle.tsv")) {
      std::puts("skipped: no shared data");
      GTEST_SKIP() << "skipped: no shared data";
    }
    for (const Row& row : rows(file("disputed.tsv"), 4)) disputed_.insert({row[0], row[1], row[2], row[3]});
  }

  // Written before PEP 440: "2013-01-21T20:33:09+0100", "0.9-doduo".
  static bool is_legacy(const Row& row) {
    return row[0] == "pep440" && (row[2] == "<" || row[2] == ">" || row[2] == "=") &&
           ordering::sign("pep440", row[1], row[3]) == Sign::none;
  }

  bool left_out(const Row& row) const {
    return is_legacy(row) || disputed_.contains({row[0], row[1], row[2], row[3]}) || is_excepted(row);
  }

  // Fails if fewer than `least` rows were there to check.
  void check_order(const std::vector<Row>& all, std::size_t least) const {
    std::size_t checked = 0;
    for (const Row& row : all) {
      if (left_out(row)) continue;
      ++checked;
      const Sign want = row[2] == "<" ? Sign::less : row[2] == ">" ? Sign::greater : Sign::equal;
      EXPECT_EQ(ordering::sign(row[0], row[1], row[3]), want)
          << row[0] << " [" << row[1] << "] " << row[2] << " [" << row[3] << ']';
    }
    EXPECT_GE(checked, least);
  }

  std::set<Row> disputed_;
};

// "<= 1.2" against an order.
bool holds(const std::string& scheme, const std::string& version, std::string_view term) {
  const std::size_t width = std::min(term.find_first_not_of("<>="), term.size());
  const std::string_view relation = term.substr(0, width), bound = trim(term.substr(width));
  const auto order = against_bound(*find_scheme(scheme), version, bound);
  EXPECT_TRUE(order) << scheme << ' ' << version << ' ' << term;
  const Sign sign = order ? ordering::sign_of(*order) : Sign::none;
  if (sign == Sign::equal) return relation.ends_with('=') || relation.empty();
  return relation.starts_with(sign == Sign::less ? '<' : '>');
}

bool satisfies(const std::string& scheme, const std::string& version, std::string constraint) {
  std::erase_if(constraint,
                [](char c) { return c == '"' || c == '\''; });  // a quoted version is that version
  if (trim(constraint).empty()) return true;
  for (const std::string_view alternative : split(constraint, '|')) {  // "||" leaves an empty one between
    if (trim(alternative).empty()) continue;
    bool all = true;
    for (const std::string_view term : split(alternative, ','))
      all = all && holds(scheme, version, trim(term));
    if (all) return true;
  }
  return false;
}

TEST_F(Conformance, every_published_order_holds) { check_order(rows(unpacked("order.tsv.zst"), 5), 60'500); }

TEST_F(Conformance, every_answer_of_the_native_libraries_holds) {
  check_order(rows(file("oracle.tsv"), 4), 2'500);
}

TEST_F(Conformance, every_published_constraint_holds) {
  const std::vector<Row> all = rows(file("constraints.tsv"), 4);
  std::size_t checked = 0;
  for (const Row& row : all) {
    if (left_out(row)) continue;
    ++checked;
    EXPECT_EQ(satisfies(row[0], row[1], row[2]), row[3] == "true")
        << row[0] << " [" << row[1] << "] [" << row[2] << "] " << row[3];
  }
  EXPECT_GE(checked, 140u);
}

TEST_F(Conformance, few_python_versions_are_from_before_PEP_440) {
  const auto legacy = std::ranges::count_if(rows(unpacked("order.tsv.zst"), 5), is_legacy);
  EXPECT_GT(legacy, 0);
  EXPECT_LE(legacy, 70);
}

TEST_F(Conformance, every_exception_is_a_published_vector_and_they_are_few) {
  std::vector<Row> known = rows(unpacked("order.tsv.zst"), 5);
  std::ranges::move(rows(file("constraints.tsv"), 4), std::back_inserter(known));
  const auto excepted = std::ranges::count_if(known, is_excepted);
  EXPECT_EQ(static_cast<std::size_t>(excepted), std::size(kExceptions));
  EXPECT_LT(static_cast<std::size_t>(excepted) * 1000, known.size());
}

}  // namespace
}  // namespace peekr
