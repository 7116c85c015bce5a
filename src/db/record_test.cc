// SPDX-License-Identifier: Apache-2.0
// What stands in the tables: records, keys and names.
#include "db/record.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "db/db.h"
#include "db/tables.h"
#include "db/test_db.h"
#include "lib/lmdb.h"

namespace peekr {
namespace {

using testing_db::glibc;
using Names = std::vector<std::string>;

TEST(Record, what_was_encoded_is_decoded_and_nothing_else) {
  const std::string bytes = record::encode(glibc());
  const Result<Advisory> back = record::decode_advisory(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(record::encode(*back), bytes);
  EXPECT_EQ(back->affected.at(0).ranges.at(0).events.at(1).version, "2.19-18+deb8u3");
  EXPECT_EQ(back->affected[0].standing, Standing::end_of_life);
  EXPECT_EQ(back->affected[0].key, KeyKind::source);
  EXPECT_EQ(back->affected[0].reason, "no longer supported");
  EXPECT_EQ(back->affected[0].arches, (Names{"amd64", "i386"}));
  EXPECT_EQ(back->affected[0].systems, Names{"linux"});
  EXPECT_EQ(back->affected[0].code.at(0).symbols, (Names{"send_dg", "send_vc"}));
  EXPECT_EQ(back->affected[0].ranges[0].repository, "https://sourceware.org/git/glibc.git");
  EXPECT_EQ(back->kind, Advisory::Kind::malware);
  EXPECT_EQ(back->severity, "HIGH");
  EXPECT_EQ(back->review, "UNREVIEWED");
  EXPECT_EQ(back->weaknesses, Names{"CWE-787"});
  EXPECT_EQ(back->cpes.size(), 1u);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(record::decode_advisory(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(record::decode_advisory(bytes + "x"));
  EXPECT_EQ(record::decode_advisory("\xFF\xFF").error().code, Errc::damaged);
  const record::Stamp stamp = record::decode_stamp(bytes).value();
  EXPECT_EQ(stamp.id, back->id);
  EXPECT_EQ(stamp.modified, back->modified);
  const auto end = static_cast<std::size_t>(stamp.modified.data() + stamp.modified.size() - bytes.data());
  EXPECT_TRUE(record::decode_stamp(bytes.substr(0, end)));
  EXPECT_FALSE(record::decode_stamp(bytes.substr(0, end - 1)));
}

TEST(Record, damaged_bytes_are_survived) {
  const Advisory advisory = glibc();
  const std::string rows[] = {record::encode(advisory), record::encode(advisory.id, {&advisory.affected[0]}),
                              record::encode(DbSource{"osv/Debian", "osv", 7, "2024"}),
                              record::encode(Risk{.cve = "CVE-2015-7547",
                                                  .source = "CISA KEV",
                                                  .date = "2025-08-25",
                                                  .epss = Epss{},
                                                  .kev = Kev{.added = "2022-03-03"},
                                                  .ssvc = Ssvc{.automatable = true}})};
  std::mt19937 random(1);
  record::Row row;
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = rows[static_cast<std::size_t>(round) % 4];
    bytes[random() % bytes.size()] = static_cast<char>(random());
    refused += record::decode_advisory(bytes) ? 0 : 1;
    (void)record::decode_stamp(bytes);
    refused += record::decode_row(bytes, row) ? 0 : 1;
    refused += record::decode_source(bytes) ? 0 : 1;
    refused += record::decode_risk(bytes) ? 0 : 1;
  }
  EXPECT_GT(refused, 20'000u);
}

TEST(Record, a_count_without_items_takes_no_memory) {
  // id "", then a list that claims 2^63 items.
  record::Row row;
  EXPECT_FALSE(record::decode_row(std::string("\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 10), row));
}

TEST(Tables, keys_stay_within_the_limit_and_apart) {
  const std::string longest(100'000, 'x');
  EXPECT_LE(tables::key({longest, longest, longest}).size(), kLmdbLongestKey);
  EXPECT_NE(tables::key({longest}), tables::key({longest + "x"}));
  EXPECT_NE(tables::key({std::string_view("a\0b", 3)}), tables::key({"a", "b"}));
  EXPECT_TRUE(tables::key({"a", "b", "c"}).starts_with(tables::prefix({"a", "b"})));
}

TEST(NormalisedName, follows_the_ecosystem) {
  EXPECT_EQ(normalised_name("PyPI", "Foo._-Bar"), "foo-bar");
  EXPECT_EQ(normalised_name("NuGet", "Newtonsoft.Json"), "newtonsoft.json");
  EXPECT_EQ(normalised_name("Packagist:https://packages.drupal.org/8", "Drupal/Core"), "drupal/core");
  EXPECT_EQ(normalised_name("npm", "JSONStream"), "JSONStream");
  EXPECT_EQ(normalised_name("Debian:8", "Foo_Bar"), "Foo_Bar");
}

}  // namespace
}  // namespace peekr
