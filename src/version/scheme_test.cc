// SPDX-License-Identifier: Apache-2.0
// The table of schemes, and the fixture of each: `in/versions` has the scheme's name and then versions, one a
// line; `want` says how each neighbouring pair compares. (The fuzz target reads the same format.)
#include "version/scheme.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "../../tests/fixture.h"
#include "version/ordering.h"

namespace peekr {
namespace {

TEST(Scheme, all_are_listed_by_name_without_gaps) {
  ASSERT_GE(all_schemes().size(), 3u);
  EXPECT_TRUE(std::ranges::is_sorted(all_schemes(), {}, [](const Scheme* row) { return row->name; }));
  for (const Scheme* row : all_schemes()) {
    EXPECT_NE(row->compare, nullptr) << row->name;
    EXPECT_FALSE(row->about.empty()) << row->name;
    EXPECT_EQ(find_scheme(row->name), row);
  }
}

// deb, rpm and apk have tests of their own. Two orders are not total, as their tools are not: pacman leaves a release out that
// only one side has ("1" = "1-1", "1" = "1-2"), and Maven's ComparableVersion goes in circles where lists are empty ("0----").
TEST(Scheme, the_orders_of_languages_are_total) {
  constexpr std::array<std::string_view, 7> kOthers = {"apk",     "deb", "maven",    "pacman",
                                                       "portage", "rpm", "rpm-nevra"};
  for (const Scheme* row : all_schemes()) {
    if (std::ranges::find(kOthers, row->name) != kOthers.end()) continue;
    SCOPED_TRACE(row->name);
    ordering::expect_total(row->name, generate::language(7), 10'000);
  }
}

TEST(Scheme, the_orders_of_near_relations_are_total) {
  ordering::expect_total("portage", generate::apk(11), 10'000);
  ordering::expect_total("rpm-nevra", generate::rpm(13), 10'000);
}

TEST(Scheme, an_unknown_name_finds_none) { EXPECT_EQ(find_scheme("floppy"), nullptr); }

TEST(Scheme, the_empty_text_is_a_version_of_none) {
  for (const Scheme* row : all_schemes()) EXPECT_EQ(row->compare("", "1"), std::nullopt) << row->name;
}

TEST(Scheme, each_has_a_typical_and_a_corrupt_fixture) {
  std::set<std::string> have;
  for (const fixture::Case& one : fixture::cases("version")) have.insert(one.row + "/" + one.name);
  for (const Scheme* row : all_schemes()) {
    EXPECT_TRUE(have.contains(std::string(row->name) + "/typical")) << row->name;
    EXPECT_TRUE(have.contains(std::string(row->name) + "/corrupt")) << row->name;
  }
}

void run(const fixture::Case& one) {
  std::ifstream in(fixture::input(one) / "versions");
  std::string scheme, previous, line;
  ASSERT_TRUE(std::getline(in, scheme) && std::getline(in, previous)) << one.folder;
  ASSERT_EQ(scheme, one.row);
  std::ostringstream got;
  for (; std::getline(in, line); previous = line) {
    got << '[' << previous << "] " << ordering::sign(scheme, previous, line) << " [" << line << "]\n";
  }
  fixture::expect(one, got.str());
}

const bool registered = fixture::register_all("version", run);

}  // namespace
}  // namespace peekr
