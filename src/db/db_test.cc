// SPDX-License-Identifier: Apache-2.0
#include "db/db.h"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "db/record.h"
#include "db/tables.h"
#include "db/test_db.h"
#include "db/verify.h"
#include "lib/lmdb.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

using testing_db::glibc;

constexpr const char* kNow = "2026-11-23T00:00:00Z";

// The first of an id's records that count.
Advisory first(const Db& db, std::string_view id) {
  const std::vector<Sourced> all = db.records(id).value();
  EXPECT_FALSE(all.empty()) << id;
  return all.empty() ? Advisory() : all.front().advisory;
}

Advisory simple(const std::string& id, const std::string& ecosystem, const std::string& package) {
  return {.id = id,
          .publisher = "osv",
          .modified = "2024-01-01T00:00:00Z",
          .affected = {{.ecosystem = ecosystem, .package = package}}};
}

using Names = std::vector<std::string>;

class DbTest : public testing::Test {
 protected:
  DbTest() : folder_(fs::temp_directory_path() / ("peekr-db-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
  }
  ~DbTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return folder_ / "db"; }
  Db build(const std::vector<Advisory>& advisories) const {
    Result<DbWriter> writer = DbWriter::fresh(path(), kNow);
    EXPECT_TRUE(writer) << writer.error().message;
    int source = 0;  // each its own
    for (const Advisory& one : advisories) EXPECT_TRUE(writer->put("s" + std::to_string(++source), one));
    EXPECT_TRUE(writer->commit());
    Result<Db> db = Db::open(path());
    EXPECT_TRUE(db) << db.error().message;
    EXPECT_EQ(faults(), Names{});
    return *std::move(db);
  }
  [[nodiscard]] Names faults() const {
    const Result<Verified> found = verify(path());
    return found ? found->first : Names{found.error().message};
  }
  // What lies beside the database.
  [[nodiscard]] std::vector<std::string> beside() const {
    std::vector<std::string> names;
    for (const fs::directory_entry& one : fs::directory_iterator(folder_))
      names.push_back(one.path().filename());
    std::ranges::sort(names);
    return names;
  }

  fs::path folder_;
};

std::vector<std::string> ids(const Result<std::vector<Entry>>& entries) {
  std::vector<std::string> found;
  for (const Entry& one : entries.value()) found.push_back(one.advisory);
  return found;
}

TEST_F(DbTest, a_lookup_gives_what_was_added) {
  const Db db = build({glibc(), simple("DSA-2", "Debian:8", "glibc"), simple("DSA-3", "Debian:80", "glibc"),
                       simple("DSA-4", "Debian:8", "glibc2")});
  const Result<std::vector<Entry>> entries = db.lookup("Debian:8", "glibc");
  EXPECT_EQ(ids(entries), (Names{"DSA-2", "DSA-3481-1"}));
  EXPECT_EQ(entries->at(1).affected.ranges.at(0).events.at(1).version, "2.19-18+deb8u3");
  EXPECT_EQ(entries->at(1).affected.urgency, "high");
  EXPECT_TRUE(db.lookup("Debian", "glibc")->empty());
  EXPECT_TRUE(db.lookup("Debian:8", "glib")->empty());
  EXPECT_TRUE(db.lookup("", "")->empty());
  EXPECT_EQ(record::encode(first(db, "DSA-3481-1")), record::encode(glibc()));
  EXPECT_TRUE(db.records("DSA-3481").value().empty());
  EXPECT_TRUE(db.records("").value().empty());
}

TEST_F(DbTest, names_are_ids_aliases_and_upstreams_in_any_case) {
  const Db db = build({glibc(), simple("CVE-2015-7547", "Alpine:v3.3", "glibc")});
  EXPECT_EQ(db.named("cve-2015-7547").value(), (Names{"CVE-2015-7547", "DSA-3481-1"}));
  EXPECT_EQ(db.named("ALIAS-1").value(), (Names{"DSA-3481-1"}));
  EXPECT_EQ(db.named("dsa-3481-1").value(), (Names{"DSA-3481-1"}));
  EXPECT_EQ(db.named("CVE-2000-0001").value(), Names{});  // related is no identity
  EXPECT_EQ(db.named("CVE-2015-754").value(), Names{});
}

TEST_F(DbTest, ecosystems_are_listed_by_prefix_and_by_package) {
  const Db db =
      build({simple("1", "Alpine:v3.18", "musl"), simple("2", "Alpine:v3.9", "musl"),
             simple("3", "PyPI", "PyYAML"), simple("4", "npm", "pyyaml"), simple("5", "npm", "PyYAML")});
  EXPECT_EQ(db.ecosystems("Alpine:").value(), (Names{"Alpine:v3.18", "Alpine:v3.9"}));
  EXPECT_EQ(db.ecosystems("").value(), (Names{"Alpine:v3.18", "Alpine:v3.9", "PyPI", "npm"}));
  EXPECT_EQ(db.ecosystems_with("musl").value(), (Names{"Alpine:v3.18", "Alpine:v3.9"}));
  EXPECT_EQ(db.ecosystems_with("PyYAML").value(), (Names{"PyPI", "npm"}));
  EXPECT_EQ(db.packages("Alpine:v3.18").value(), (Names{"musl"}));
  EXPECT_EQ(db.ecosystems_with("pyYaml").value(), (Names{"PyPI"}));
  EXPECT_EQ(ids(db.lookup("PyPI", "pyyaml")), Names{"3"});
}

TEST_F(DbTest, visual_studio_code_s_extensions_are_found_by_osv_s_and_by_package_urls_names) {
  const Db db = build({simple("1", "VSCode", "ms-python.Python")});
  EXPECT_EQ(ids(db.lookup("VSCode", "ms-python/python")), Names{"1"});
  EXPECT_EQ(ids(db.lookup("VSCode", "ms-python.python")), Names{"1"});
}

TEST_F(DbTest, names_are_found_by_their_last_part) {
  const Db db = build({simple("1", "Maven", "org.apache:core"), simple("2", "npm", "@a/core"),
                       simple("3", "npm", "core"), simple("4", "Packagist", "Vendor/Core"),
                       simple("5", "npm", "a-core")});
  EXPECT_EQ(db.names_ending("core").value(), (Names{"@a/core", "org.apache:core", "vendor/core"}));
  EXPECT_EQ(db.names_ending("Core").value(), (Names{"@a/core", "org.apache:core", "vendor/core"}));
  EXPECT_EQ(db.names_ending("").value(), Names{});
}

TEST_F(DbTest, a_withdrawn_advisory_is_kept_but_never_found_by_package) {
  Advisory withdrawn = glibc();
  withdrawn.withdrawn = "2020-01-01T00:00:00Z";
  const Db db = build({withdrawn});
  EXPECT_TRUE(db.lookup("Debian:8", "glibc")->empty());
  EXPECT_EQ(db.named("CVE-2015-7547").value(), Names{"DSA-3481-1"});
  EXPECT_EQ(first(db, "DSA-3481-1").withdrawn, "2020-01-01T00:00:00Z");
  EXPECT_EQ(db.info()->withdrawn, 1u);
  EXPECT_EQ(db.ecosystems("").value(), Names{});
}

Advisory fixed(const std::string& package, const std::string& version, const std::string& modified) {
  Advisory one = simple("X", "npm", package);
  one.modified = modified;
  one.aliases = {"ALIAS-" + version};
  one.affected[0].ranges = {{"SEMVER", {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, version}}, ""}};
  return one;
}

// The versions in which that package of npm is fixed.
Names fixes(const Db& db, const std::string& package) {
  Names out;
  const std::vector<Entry> entries = db.lookup("npm", package).value();
  for (const Entry& one : entries) out.push_back(one.affected.ranges.at(0).events.at(1).version);
  return out;
}

TEST_F(DbTest, of_one_id_and_package_the_later_modification_wins_and_leaves_nothing_of_the_other) {
  constexpr std::pair<const char*, const char*> kTimes[] = {
      {"2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5Z"},
      {"2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00.50001Z"},
      {"2024-01-01T01:00:00+02:00", "2024-01-01T00:00:00Z"},
      {"2024-01-01T00:00:00Z", "2023-12-31T23:30:00-01:00"},
      {"", "soon"},
      {"soon", "2024-01-01"},
      {"2024-01-01", "2024-01-01T00:00:01Z"},
      {"2024-01-01T00:00:00Z", "2024-01-01t00:00:01z"}};
  for (const auto& [before, after] : kTimes) {
    Advisory older = fixed("a", "1", before), newer = fixed("a", "2", after);
    if (older.modified.empty()) std::swap(older.modified, newer.modified);
    for (const std::vector<Advisory>& order : {std::vector{older, newer}, std::vector{newer, older}}) {
      const Db db = build(order);
      EXPECT_EQ(fixes(db, "a"), Names{"2"}) << before << " " << after;
      EXPECT_EQ(db.named("ALIAS-1").value(), Names{});
      EXPECT_EQ(db.named("ALIAS-2").value(), Names{"X"});
      EXPECT_EQ(db.records("X")->size(), 1u);
      EXPECT_EQ(db.info()->advisories, 1u);
    }
  }
}

TEST_F(DbTest, of_one_id_each_package_counts_whoever_speaks_of_it) {
  Advisory older = fixed("a", "1", "2024-01-01T00:00:00Z"), newer = fixed("b", "2", "2025-01-01T00:00:00Z");
  older.affected.push_back(fixed("b", "9", "").affected[0]);
  for (const std::vector<Advisory>& order : {std::vector{older, newer}, std::vector{newer, older}}) {
    const Db db = build(order);
    EXPECT_EQ(fixes(db, "a"), Names{"1"});
    EXPECT_EQ(fixes(db, "b"), Names{"2"});
    EXPECT_EQ(db.named("ALIAS-1").value(), Names{"X"});
    EXPECT_EQ(db.named("ALIAS-2").value(), Names{"X"});
    EXPECT_EQ(first(db, "X").modified, newer.modified);
    const std::vector<Sourced> records = db.records("X").value();
    ASSERT_EQ(records.size(), 2u);
    ASSERT_EQ(records[1].advisory.affected.size(), 1u);
    EXPECT_EQ(records[1].advisory.affected[0].package, "a");
    EXPECT_EQ(db.info()->advisories, 1u);
  }
  newer.withdrawn = newer.modified;  // of the package that it names, and of no other
  const Db db = build({older, newer});
  EXPECT_EQ(fixes(db, "a"), Names{"1"});
  EXPECT_EQ(fixes(db, "b"), Names{});
}

TEST_F(DbTest, of_one_source_the_later_of_two_records_counts_in_whatever_order_they_come) {
  Advisory older = glibc(), newer = glibc();
  newer.withdrawn = newer.modified = "2030-01-01T00:00:00Z";
  for (const std::vector<Advisory>& order : {std::vector{older, newer}, std::vector{newer, older}}) {
    DbWriter writer = *DbWriter::fresh(path(), kNow);
    for (const Advisory& one : order) ASSERT_TRUE(writer.put("osv/Debian", one));
    ASSERT_TRUE(writer.commit());
    EXPECT_TRUE(Db::open(path())->lookup("Debian:8", "glibc")->empty());
  }
}

TEST_F(DbTest, of_one_id_and_package_a_record_without_a_date_wins_over_any_dated_one) {
  const Advisory dated = fixed("a", "1", "2024-01-01T00:00:00Z"), present = fixed("a", "2", "");
  for (const std::vector<Advisory>& order : {std::vector{dated, present}, std::vector{present, dated}})
    EXPECT_EQ(fixes(build(order), "a"), Names{"2"});
}

TEST_F(DbTest, a_withdrawal_replaces_what_was_indexed) {
  Advisory withdrawn = glibc();
  withdrawn.withdrawn = withdrawn.modified = "2020-01-01T00:00:00Z";
  const Db db = build({glibc(), withdrawn});
  EXPECT_TRUE(db.lookup("Debian:8", "glibc")->empty());
  Advisory again = glibc();
  again.modified = "2021-01-01T00:00:00Z";
  const Db after = build({withdrawn, again});
  EXPECT_EQ(ids(after.lookup("Debian:8", "glibc")), Names{"DSA-3481-1"});
  EXPECT_EQ(after.info()->withdrawn, 0u);
}

TEST_F(DbTest, long_and_odd_names_are_found) {
  const std::string package(5000, 'p'), id(5000, 'i'), odd("a\0b", 3);
  const Db db = build({simple(id, "npm", package), simple("odd", "npm", odd), simple("plain", "npm", "a")});
  EXPECT_EQ(ids(db.lookup("npm", package)), Names{id});
  EXPECT_EQ(ids(db.lookup("npm", odd)), Names{"odd"});
  EXPECT_EQ(ids(db.lookup("npm", "a")), Names{"plain"});
  EXPECT_TRUE(db.lookup("npm", package + "p")->empty());
  EXPECT_EQ(first(db, id).id, id);
  EXPECT_EQ(db.named(id).value(), Names{id});
  EXPECT_EQ(db.ecosystems_with(package).value(), Names{"npm"});
}

TEST_F(DbTest, entries_without_package_are_records_only) {
  Advisory git{.id = "CVE-1", .affected = {{.ranges = {{"GIT", {{Event::Kind::introduced, "0"}}}}}}};
  const Db db = build({git});
  EXPECT_EQ(first(db, "CVE-1").affected.size(), 1u);
  EXPECT_EQ(db.info()->packages, 0u);
}

Risk scored(const std::string& date, double score) {
  return {.cve = "CVE-2015-7547",
          .source = "EPSS",
          .date = date,
          .epss = Epss{.score = score, .percentile = 0.98765}};
}

TEST_F(DbTest, risks_are_by_cve_one_a_source_and_the_later_day_wins) {
  Risk kev{.cve = "CVE-2015-7547", .source = "CISA KEV", .date = "2025-08-25"};
  kev.kev = Kev{.added = "2022-03-03", .due = "2022-03-24", .action = "Apply updates", .ransomware = true};
  Risk other{.cve = "CVE-2015-75470", .source = "CISA-ADP", .date = "2024-01-01"};
  other.ssvc = Ssvc{.exploitation = Exploitation::poc, .automatable = true};
  Result<DbWriter> writer = DbWriter::open(path(), kNow);
  ASSERT_TRUE(writer);
  for (const Risk& one : {scored("2025-01-02", 0.94471), scored("2025-01-01", 0.5), kev, other}) {
    EXPECT_TRUE(writer->put("risks", one));
  }
  EXPECT_FALSE(writer->put("risks", Risk{.cve = "CVE-2015-7547"}));
  EXPECT_TRUE(writer->commit());
  const Db db = Db::open(path()).value();
  EXPECT_EQ(db.info()->risks, 3u);
  EXPECT_EQ(db.source("risks").value()->records, 3u);
  const std::vector<Risk> risks = db.risk("CVE-2015-7547").value();
  ASSERT_EQ(risks.size(), 2u);
  EXPECT_EQ(risks[0].source, "CISA KEV");
  EXPECT_EQ(risks[0].date, "2025-08-25");
  EXPECT_TRUE(kev_of(risks)->kev->ransomware);
  EXPECT_EQ(kev_of(risks)->kev->due, "2022-03-24");
  EXPECT_EQ(kev_of(risks)->kev->action, "Apply updates");
  EXPECT_DOUBLE_EQ(epss_of(risks)->epss->score, 0.94471);
  EXPECT_DOUBLE_EQ(epss_of(risks)->epss->percentile, 0.98765);
  EXPECT_EQ(ssvc_of(risks), nullptr);
  EXPECT_EQ(ssvc_of(db.risk("CVE-2015-75470").value())->ssvc->exploitation, Exploitation::poc);
  EXPECT_TRUE(db.risk("CVE-2015-754").value().empty());
}

TEST_F(DbTest, info_tells_what_is_there) {
  Result<DbWriter> writer = DbWriter::open(path(), kNow);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->put("osv/Debian", glibc()));
  ASSERT_TRUE(writer->set_source({.name = "osv/Debian",
                                  .feed = "osv",
                                  .records = 77,
                                  .fetched = kNow,
                                  .held = "why",
                                  .notes = {{Path("a.json"), Why::damaged, "cut"}},
                                  .left_out = 3,
                                  .state = {{"etag", "\"x\""}, {"last-modified", ""}}}));
  ASSERT_TRUE(writer->set_source({.name = "alpine-secdb/v3.9", .feed = "alpine-secdb"}));
  ASSERT_TRUE(writer->commit());
  const Result<DbInfo> info = Db::open(path())->info();
  ASSERT_TRUE(info);
  EXPECT_EQ(info->path, path());
  EXPECT_EQ(info->built, "2026-11-23T00:00:00Z");
  EXPECT_EQ(info->advisories, 1u);
  EXPECT_EQ(info->packages, 1u);
  EXPECT_GT(info->bytes, 0u);
  ASSERT_EQ(info->sources.size(), 2u);
  EXPECT_EQ(info->sources[0].name, "alpine-secdb/v3.9");
  EXPECT_EQ(info->sources[0].records, 0u);
  const DbSource& debian = info->sources[1];
  EXPECT_EQ(debian.records, 1u);
  EXPECT_EQ(debian.newest, "2016-02-16T00:00:00Z");
  EXPECT_EQ(debian.fetched, kNow);
  EXPECT_EQ(debian.held, "why");
  ASSERT_EQ(debian.notes.size(), 1u);
  EXPECT_EQ(debian.notes[0], (Note{Path("a.json"), Why::damaged, "cut"}));
  EXPECT_EQ(debian.left_out, 3u);
  EXPECT_EQ(debian.state.at("etag"), "\"x\"");
}

TEST_F(DbTest, whoever_has_the_old_one_open_goes_on_reading_it) {
  const Db old = build({glibc()});
  const Db fresh = build({simple("DSA-9", "Debian:8", "glibc")});
  EXPECT_EQ(ids(old.lookup("Debian:8", "glibc")), Names{"DSA-3481-1"});
  EXPECT_EQ(ids(fresh.lookup("Debian:8", "glibc")), Names{"DSA-9"});
  EXPECT_EQ(beside(), Names{"db"});
}

TEST_F(DbTest, without_commit_nothing_has_happened) {
  build({glibc()});
  for (const bool fresh : {false, true}) {
    Result<DbWriter> writer = fresh ? DbWriter::fresh(path(), kNow) : DbWriter::open(path(), kNow);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->put("s1", simple("DSA-9", "Debian:8", "glibc")));
    ASSERT_TRUE(writer->drop("s1"));
    EXPECT_EQ(ids(Db::open(path())->lookup("Debian:8", "glibc")), Names{"DSA-3481-1"});
  }
  EXPECT_EQ(ids(Db::open(path())->lookup("Debian:8", "glibc")), Names{"DSA-3481-1"});
}

TEST_F(DbTest, an_update_tells_what_it_changed) {
  build({glibc(), simple("A", "npm", "a"), simple("B", "npm", "b")});  // of s1, s2, s3
  Result<DbWriter> writer = DbWriter::open(path(), kNow);
  ASSERT_TRUE(writer->put("s2", simple("A", "npm", "a")));  // as it is
  ASSERT_TRUE(writer->put("s1", simple("DSA-3481-1", "Debian:9", "eglibc")));
  ASSERT_TRUE(writer->put("s1", simple("N", "npm", "n")));
  ASSERT_TRUE(writer->put("s1", simple("N", "npm", "n2")));
  ASSERT_TRUE(writer->remove("s3", "B"));
  ASSERT_TRUE(writer->remove("s3", "never there"));
  ASSERT_TRUE(writer->remove("s2", "A"));
  ASSERT_TRUE(writer->put("s2", simple("A", "npm", "back")));
  EXPECT_EQ(writer->ids("s1").value(), (Names{"DSA-3481-1", "N"}));
  const Result<Changes> changes = writer->commit();
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_EQ(changes->added, Names{"N"});
  EXPECT_EQ(changes->changed, (Names{"A", "DSA-3481-1"}));
  EXPECT_EQ(changes->vanished, Names{"B"});
  const Db db = Db::open(path()).value();
  EXPECT_EQ(db.ecosystems("").value(), (Names{"Debian:9", "npm"}));
  EXPECT_EQ(db.ecosystems_with("a").value(), Names{});
  EXPECT_EQ(db.ecosystems_with("back").value(), Names{"npm"});
  EXPECT_EQ(db.ecosystems_with("glibc").value(), Names{});
  EXPECT_EQ(db.named("CVE-2015-7547").value(), Names{});
  EXPECT_EQ(db.info()->advisories, 3u);
  EXPECT_EQ(db.info()->packages, 3u);
  EXPECT_EQ(db.source("s1").value()->records, 2u);
  EXPECT_EQ(db.source("s3").value()->records, 0u);
  EXPECT_EQ(faults(), Names{});
  const Result<Changes> none = writer->commit();
  EXPECT_TRUE(none->added.empty() && none->changed.empty() && none->vanished.empty());
}

TEST_F(DbTest, removal_from_one_source_uncovers_the_other) {
  const Advisory older = fixed("a", "1", "2024-01-01T00:00:00Z");
  Advisory newer = fixed("a", "2", "2025-01-01T00:00:00Z");
  newer.affected.push_back(fixed("new", "2", "").affected[0]);
  EXPECT_EQ(fixes(build({older, newer}), "a"), Names{"2"});
  Result<DbWriter> writer = DbWriter::open(path(), kNow);
  EXPECT_EQ(writer->sources_of("X").value(), (Names{"s1", "s2"}));
  ASSERT_TRUE(writer->drop("s2"));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(fixes(*Db::open(path()), "a"), Names{"1"});
  EXPECT_EQ(fixes(*Db::open(path()), "new"), Names{});
  EXPECT_EQ(Db::open(path())->info()->advisories, 1u);
  EXPECT_FALSE(Db::open(path())->source("s2").value());
  EXPECT_EQ(faults(), Names{});
  ASSERT_TRUE(writer->put("s3", newer));
  ASSERT_TRUE(writer->remove("s1", "X"));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(fixes(*Db::open(path()), "new"), Names{"2"});
  EXPECT_EQ(first(*Db::open(path()), "X").modified, newer.modified);
  EXPECT_EQ(faults(), Names{});
}

TEST_F(DbTest, verify_finds_what_is_missing_too_much_or_different) {
  build({glibc(), simple(std::string(300, 'i'), "npm", std::string(300, 'p'))});
  const auto damage = [&](LmdbTable table, const std::string& key, const char* value) {
    Result<LmdbWriter> writer = LmdbWriter::open(path(), tables::kAll);
    const std::string old(writer->get(table, key).value().value_or("none"));
    EXPECT_TRUE(value != nullptr ? writer->put(table, key, value) : writer->remove(table, key));
    EXPECT_TRUE(writer->commit());
    EXPECT_NE(faults(), Names{}) << tables::kAll[table];
    EXPECT_TRUE(old != "none" ? writer->put(table, key, old) : writer->remove(table, key));
    EXPECT_TRUE(writer->commit());
    EXPECT_EQ(faults(), Names{}) << tables::kAll[table];
  };
  damage(tables::kRecords, tables::key({"s1", "DSA-3481-1"}), "half");
  damage(tables::kRecords, tables::key({"s1", "DSA-3481-1"}), nullptr);
  damage(tables::kIds, tables::key({"DSA-3481-1", "s1"}), nullptr);
  damage(tables::kIds, tables::key({"DSA-3481-2", "s1"}), "");
  damage(tables::kPackages, tables::key({"Debian:8", "glibc", "DSA-3481-1"}), nullptr);
  damage(tables::kNames, tables::key({"dsa-3481-1", "DSA-3481-1"}), nullptr);
  damage(tables::kNames, tables::key({"dsa-3481-1", "DSA-1"}), "DSA-1");
  damage(tables::kByName, tables::key({"glibc", "Debian:8"}), nullptr);
  damage(tables::kEcosystems, "other", "other");
  damage(tables::kSources, "s1", nullptr);
  damage(tables::kRisks, "CVE-1", "half");
  damage(tables::kHistory, "2024", "half");
  damage(tables::kRiskHistory, "2024", "half");
  damage(tables::kMeta, tables::kWithdrawnKey.data(), "7");
}

TEST_F(DbTest, a_database_of_another_format_is_not_written_to) {
  build({glibc()});
  {
    Result<LmdbWriter> writer = LmdbWriter::open(path(), tables::kAll);
    ASSERT_TRUE(writer->put(tables::kMeta, tables::kFormatKey, "6"));  // other rows of `packages`
    ASSERT_TRUE(writer->commit());
  }
  for (const Error& error : {Db::open(path()).error(), DbWriter::open(path(), kNow).error()}) {
    EXPECT_EQ(error.code, Errc::unsupported);
    EXPECT_NE(error.message.find("format 6, this program "), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("remove it, then db update or db build makes it again"), std::string::npos);
  }
  EXPECT_TRUE(DbWriter::fresh(path(), kNow)->commit());
  EXPECT_TRUE(Db::open(path()));
}

TEST_F(DbTest, an_id_or_a_source_that_cannot_be_is_refused) {
  Result<DbWriter> writer = DbWriter::open(path(), kNow);
  EXPECT_EQ(writer->put("s", simple("", "npm", "a")).error().code, Errc::usage);
  EXPECT_EQ(writer->put("", simple("A", "npm", "a")).error().code, Errc::usage);
  EXPECT_EQ(writer->put(std::string(169, 's'), simple("A", "npm", "a")).error().code, Errc::usage);
}

TEST_F(DbTest, what_cannot_be_opened_says_why) {
  EXPECT_EQ(Db::open(path()).error().code, Errc::not_found);
  build({glibc()});
  const fs::path file = fs::path(path()) / "data.mdb";
  fs::resize_file(file, fs::file_size(file) / 2);
  EXPECT_EQ(Db::open(path()).error().code, Errc::damaged);
  const std::string other = folder_ / "other";
  Result<LmdbWriter> writer = LmdbWriter::open(other, std::span(tables::kAll).first(1));
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(Db::open(other).error().code, Errc::damaged);
  ASSERT_TRUE(writer->put(tables::kMeta, tables::kFormatKey, record::kFormat));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(Db::open(other).error().code, Errc::damaged);  // tables are missing
  ASSERT_TRUE(writer->put(tables::kMeta, tables::kFormatKey, "0"));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(Db::open(other).error().code, Errc::unsupported);
}

TEST_F(DbTest, a_damaged_record_is_an_error_not_an_empty_answer) {
  Result<LmdbWriter> writer = LmdbWriter::open(folder_, tables::kAll);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->put(tables::kMeta, tables::kFormatKey, record::kFormat));
  ASSERT_TRUE(writer->put(tables::kPackages, tables::key({"npm", "a", "X"}), "\x05half"));
  ASSERT_TRUE(writer->put(tables::kIds, tables::key({"X", "s"}), ""));
  ASSERT_TRUE(writer->put(tables::kRecords, tables::key({"s", "X"}), "\x05half"));
  ASSERT_TRUE(writer->commit());
  const Db db = Db::open(folder_).value();
  EXPECT_EQ(db.lookup("npm", "a").error().code, Errc::damaged);
  EXPECT_EQ(db.records("X").error().code, Errc::damaged);
}

TEST_F(DbTest, the_same_advisories_in_another_order_answer_the_same) {
  std::vector<Advisory> all;
  for (int i = 0; i < 500; ++i) {
    all.push_back(simple("X-" + std::to_string(i), "npm", "p" + std::to_string(i % 7)));
  }
  const Db one = build(all);
  std::ranges::reverse(all);
  const Db other = build(all);
  for (int i = 0; i < 7; ++i) {
    const std::string package = "p" + std::to_string(i);
    EXPECT_EQ(ids(one.lookup("npm", package)), ids(other.lookup("npm", package)));
    EXPECT_FALSE(one.lookup("npm", package)->empty());
  }
}

// Damage that LMDB does not see for itself would end the test.
TEST_F(DbTest, verify_survives_whatever_the_pages_hold) {
  std::vector<Advisory> advisories;
  for (int i = 0; i < 300; ++i)
    advisories.push_back(simple("CVE-1-" + std::to_string(i), "Debian:8", "p" + std::to_string(i)));
  build(advisories);
  const fs::path file = fs::path(path()) / "data.mdb";
  const std::uintmax_t size = fs::file_size(file);
  std::mt19937 random(7);
  int errors = 0;
  for (int round = 0; round < 100; ++round) {  // in the heads of pages, where their entries are found by
    const auto at = static_cast<std::streamoff>(random() % (size / 4096 - 2) * 4096 + 8192 + random() % 64);
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(at);
    const char before = static_cast<char>(bytes.get());
    bytes.seekp(at);
    bytes.put(static_cast<char>(random()));
    bytes.flush();
    const Result<Verified> found = verify(path());
    errors += !found || found->faults > 0 ? 1 : 0;
    bytes.seekp(at);
    bytes.put(before);
  }
  EXPECT_GT(errors, 0);
}

}  // namespace
}  // namespace peekr
