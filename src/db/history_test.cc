// SPDX-License-Identifier: Apache-2.0
#include "db/history.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "base/date.h"
#include "db/db.h"
#include "db/tables.h"
#include "db/verify.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

using Table = std::map<std::string, std::string>;

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() : folder_(fs::temp_directory_path() / ("peekr-history-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~HistoryTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return folder_ / "db"; }

  fs::path folder_;
};

std::string day(int number) { return day_after("2026-01-01", number) + "T12:00:00Z"; }

Advisory record(const std::string& id, std::mt19937& random) {
  const std::string number = std::to_string(random() % 4);
  Advisory one{.id = id, .publisher = "test", .aliases = {"ALIAS-" + number}, .summary = number};
  if (random() % 4 != 0) one.modified = "2025-01-0" + std::to_string(1 + random() % 9) + "T00:00:00Z";
  if (random() % 8 == 0) one.withdrawn = "2025-02-01T00:00:00Z";
  one.affected = {{.ecosystem = "npm", .package = "p" + number}};
  if (random() % 3 == 0) one.affected.push_back({.ecosystem = "Debian:" + number, .package = "q"});
  return one;
}

Risk risk(const std::string& cve, int date, std::mt19937& random) {
  Risk one{.cve = cve, .source = "EPSS", .date = day(date).substr(0, 10)};
  one.epss = Epss{.score = static_cast<double>(random() % 100) / 100};
  return one;
}

// A few changes of any kind.
void change(DbWriter& writer, int state, std::mt19937& random) {
  for (int i = 0; i < 12; ++i) {
    const std::string source = "s" + std::to_string(random() % 4), id = "X-" + std::to_string(random() % 12);
    switch (random() % 8) {
      case 0: ASSERT_TRUE(writer.remove(source, id)); break;
      case 1:
        if (random() % 4 == 0) {
          ASSERT_TRUE(writer.drop(source));
        }
        break;
      case 2: ASSERT_TRUE(writer.put("risks", risk("CVE-2025-" + id, state, random))); break;
      case 3:
        ASSERT_TRUE(writer.remove_risks("risks", [&](std::string_view) { return random() % 4 == 0; }));
        break;
      case 4: ASSERT_TRUE(writer.put(source, risk("CVE-2025-" + id, state, random))); break;
      default: ASSERT_TRUE(writer.put(source, record(id, random))); break;
    }
  }
}

// All rows but those about the history itself.
std::vector<Table> all_of(const Overlay& store) {
  std::vector<Table> all(tables::kHistory);
  for (LmdbTable table = 0; table < tables::kHistory; ++table) {
    EXPECT_TRUE(store.each(table, "", [&](std::string_view key, std::string_view value) {
      return all[table].emplace(key, value).second;
    }));
    EXPECT_EQ(store.size(table).value(), all[table].size()) << tables::kAll[table];
  }
  all[tables::kMeta].erase(std::string(tables::kHistoryKey));
  return all;
}

Overlay opened(const std::string& path) {
  return Overlay(std::make_shared<const LmdbReader>(LmdbReader::open(path, tables::kAll).value()));
}

TEST_F(HistoryTest, every_earlier_state_comes_back_row_by_row) {
  std::mt19937 random(20261125);
  constexpr int kStates = 40;
  std::vector<std::vector<Table>> states;
  for (int state = 0; state < kStates; ++state) {
    // Two of three states are of a time of their own, the third of the same as the one before it.
    const std::string now = day(state - (state % 3 == 2 ? 1 : 0));
    Result<DbWriter> writer = DbWriter::open(path(), now);
    ASSERT_TRUE(writer) << writer.error().message;
    change(*writer, state, random);
    ASSERT_TRUE(writer->commit());
    ASSERT_EQ(verify(path())->first, std::vector<std::string>());
    states.push_back(all_of(opened(path())));
  }
  for (int state = 0; state < kStates; ++state) {
    if (state % 3 == 1 && state + 1 < kStates) continue;  // the next one is of the same time
    Overlay store = opened(path());
    ASSERT_TRUE(undo(store, day(state - (state % 3 == 2 ? 1 : 0))));
    const std::vector<Table> then = all_of(store);
    for (LmdbTable table = 0; table < tables::kHistory; ++table)
      ASSERT_EQ(then[table], states[static_cast<std::size_t>(state)][table])
          << state << " " << tables::kAll[table];
  }
}

TEST_F(HistoryTest, a_database_is_asked_as_of_a_time) {
  std::mt19937 random(1);
  {
    Result<DbWriter> writer = DbWriter::open(path(), day(0));
    ASSERT_TRUE(writer->put("s", {.id = "OLD", .affected = {{.ecosystem = "npm", .package = "p"}}}));
    ASSERT_TRUE(writer->put("s", risk("CVE-1", 0, random)));
    ASSERT_TRUE(writer->commit());
  }
  {
    Result<DbWriter> writer = DbWriter::open(path(), day(2));
    ASSERT_TRUE(writer->put("s", {.id = "NEW", .affected = {{.ecosystem = "npm", .package = "p"}}}));
    ASSERT_TRUE(writer->remove("s", "OLD"));
    ASSERT_TRUE(writer->remove_risks("s", [](std::string_view cve) { return cve == "CVE-1"; }));
    ASSERT_TRUE(writer->put("t", risk("CVE-2", 2, random)));
    ASSERT_TRUE(writer->commit());
  }
  const Db db = Db::open(path()).value();
  EXPECT_EQ(db.lookup("npm", "p").value()[0].advisory, "NEW");
  EXPECT_TRUE(db.risk("CVE-1").value().empty());
  EXPECT_TRUE(db.source("t").value());
  const Db then = db.as_of(day(1)).value();
  ASSERT_EQ(then.lookup("npm", "p").value().size(), 1u);
  EXPECT_EQ(then.lookup("npm", "p").value()[0].advisory, "OLD");
  EXPECT_EQ(then.risk("CVE-1").value().size(), 1u);
  EXPECT_TRUE(then.risk("CVE-2").value().empty());
  EXPECT_FALSE(then.source("t").value());
  EXPECT_EQ(then.info()->built, day(0));
  EXPECT_EQ(then.info()->as_of, day(1));
  EXPECT_EQ(then.info()->risks, 1u);
  EXPECT_EQ(db.as_of(day(2))->lookup("npm", "p").value()[0].advisory, "NEW");
  EXPECT_EQ(db.as_of("2025-12-31T00:00:00Z").error().code, Errc::not_found);
}

TEST_F(HistoryTest, what_is_older_than_it_is_to_go_back_is_forgotten) {
  for (const int at : {0, 10, 50, 95}) {
    Result<DbWriter> writer = DbWriter::open(path(), day(at));
    ASSERT_TRUE(writer->put("s", {.id = "X", .summary = std::to_string(at)}));
    ASSERT_TRUE(writer->commit());
  }
  const auto summary = [&](int at) {
    const Result<Db> then = Db::open(path())->as_of(day(at));
    return then ? then->records("X").value().at(0).advisory.summary : "unknown";
  };
  EXPECT_EQ(summary(0), "unknown");  // 90 days before the last change
  EXPECT_EQ(summary(5), "0");
  EXPECT_EQ(summary(11), "10");
  Result<DbWriter> writer = DbWriter::open(path(), day(96));
  EXPECT_EQ(writer->keep_history(50).value(), 3u);  // of day 10: the record, its source, when it was built
  ASSERT_TRUE(writer->commit());
  ASSERT_TRUE(writer->compact());
  EXPECT_EQ(summary(11), "unknown");
  EXPECT_EQ(summary(46), "10");
  EXPECT_EQ(summary(94), "50");
  EXPECT_EQ(verify(path())->first, std::vector<std::string>());
}

}  // namespace
}  // namespace peekr
