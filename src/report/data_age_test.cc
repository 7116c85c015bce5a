// SPDX-License-Identifier: Apache-2.0
#include "report/data_age.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

std::string told(std::vector<DbSource> sources, const char* as_of = "") {
  Report report;
  report.created = "2024-03-01T00:00:00Z";
  report.db.as_of = as_of;
  report.db.sources = std::move(sources);
  return old_data_text(report);
}

TEST(DataAge, what_was_built_is_built_again_and_what_was_fetched_is_updated) {
  const DbSource built{.name = "osv/npm", .feed = "osv", .newest = "2024-01-21T00:00:00Z"},
      mine{.name = "private/a", .feed = "private", .newest = "2024-01-11", .fetched = "2024-02-28T00:00:00Z"},
      quiet{
          .name = "alpine/v3.9", .feed = "alpine", .newest = "2020-01-01", .fetched = "2024-01-20T00:00:00Z"};
  const std::string nothing = " knows nothing of what was published since then";
  EXPECT_EQ(told({built}), "the newest advisory is 40 days old: this database" + nothing +
                               " (peekr db build makes a new one)");
  EXPECT_EQ(told({mine, built}), told({built}));
  EXPECT_NE(told({mine}).find("peekr db build"), std::string::npos);
  EXPECT_EQ(told({quiet, mine}),
            "the database was updated 41 days ago: it" + nothing + " (peekr db update fetches that)");
  DbSource late = mine;
  late.newest = "2024-02-29T00:00:00Z";
  const DbSource scores{.name = "epss", .feed = "epss", .newest = "2024-02-29", .fetched = "2024-02-29"};
  EXPECT_EQ(told({late, quiet, scores}), told({quiet}));
  EXPECT_EQ(told({late, built}), told({built}));
  EXPECT_EQ(told({quiet}, "2024-01-21"), "the database was updated 41 days ago: it" + nothing);
}

TEST(DataAge, what_a_publisher_was_asked_for_lately_is_not_old_however_old_its_newest_record_is) {
  EXPECT_EQ(
      told({{.name = "alpine/v3.9", .feed = "alpine", .newest = "2020-01-01", .fetched = "2024-02-28"}}), "");
  EXPECT_EQ(told({{.name = "osv/npm", .feed = "osv", .newest = "2024-02-20"}}), "");
  EXPECT_EQ(told({}), "");
}

}  // namespace
}  // namespace peekr
