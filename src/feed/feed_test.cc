// SPDX-License-Identifier: Apache-2.0
#include "feed/feed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "lib/zip.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

std::string shared() {
  const char* set = std::getenv("PEEKR_SHARED");
  return set != nullptr ? set : std::string(PEEKR_SOURCE_DIR) + "/../shared";
}

struct Parsed : Published {
  std::size_t documents = 0;
};

// Every .json member of a zip file through the feed that knows it.
Parsed parse_zip(const fs::path& path) {
  Parsed all;
  Result<Zip> zip = Zip::open(path);
  EXPECT_TRUE(zip) << path;
  ZipMember member;
  while (zip && zip->next(member).value_or(false)) {
    if (!member.name.ends_with(".json")) continue;
    const Result<std::string> bytes = zip->read(64 << 20);
    EXPECT_TRUE(bytes) << path << " " << member.name;
    if (!bytes) continue;
    const Feed* feed = feed_of(member.name, *bytes);
    EXPECT_NE(feed, nullptr) << member.name;
    if (feed == nullptr) continue;
    ++all.documents;
    feed->parse(member.name, *bytes, all);
  }
  return all;
}

Parsed parse(std::string_view bytes) {
  Parsed all;
  const Feed* feed = feed_of("x.json", bytes);
  if (feed != nullptr) feed->parse("x.json", bytes, all);
  return all;
}

TEST(Feed, rows_are_sorted_by_name) {
  EXPECT_TRUE(std::ranges::is_sorted(all_feeds(), {}, [](const Feed* feed) { return feed->name; }));
  EXPECT_GE(all_feeds().size(), 2u);
}

TEST(Feed, origins_are_https_and_what_is_enumerated_has_its_place) {
  for (const Feed* feed : all_feeds()) {
    for (const Origin& one : feed->origins) {
      EXPECT_FALSE(one.name.empty()) << feed->name;
      EXPECT_TRUE(one.url.starts_with("https://")) << one.name;
      EXPECT_EQ(one.values.empty(), one.url.find("{}") == std::string_view::npos) << one.name;
      EXPECT_FALSE(one.licence.empty()) << one.name;
    }
  }
}

std::string wanted_by(const Origin& origin) {
  if (origin.ecosystems == "*") return "every image";
  if (origin.ecosystems.empty()) return "nobody";
  std::string out(origin.ecosystems);
  if (!origin.rates.empty()) out += "; for scores: " + std::string(origin.rates);
  for (std::size_t at = 0; (at = out.find('|', at)) != std::string::npos;) out.replace(at, 1, ", ");
  return out;
}

std::string_view again(Delta delta) {
  switch (delta) {
    case Delta::whole: return "the whole, when it has changed";
    case Delta::osv:
      return "`modified_id.csv` as far as it is new, all of it (ids and times) once a day, then single "
             "records; the whole "
             "once "
             "a week";
    case Delta::csaf: return "`changes.csv` and `deletions.csv`, then single documents";
    case Delta::nvd:
      return "what was modified, where `.meta` has another checksum: `modified` of seven days, the API for "
             "thirty; "
             "else the whole";
    case Delta::go: return "`index/vulns.json`, then single records";
    case Delta::repomd: return "the whole, when `repomd.xml` has another checksum";
  }
  return "";
}

// The table of docs/feeds.md.
std::string table() {
  std::vector<std::string> rows;
  for (const Feed* feed : all_feeds()) {
    for (const Origin& one : feed->origins) {
      const std::string archive =
          one.archive.empty() ? "" : ", of releases that have ended `" + std::string(one.archive) + "`";
      rows.push_back("| " + std::string(one.name) + " | `" + std::string(one.url) + "`" + archive + " | " +
                     wanted_by(one) + " | " + std::string(again(one.delta)) + " | " +
                     std::string(one.licence) + " |\n");
    }
  }
  std::ranges::sort(rows);
  std::string out = "| name | address | wanted by | fetched again | licence |\n|---|---|---|---|---|\n";
  for (const std::string& row : rows) out += row;
  return out;
}

TEST(Feed, docs_say_what_the_rows_say) {
  const std::string path = std::string(PEEKR_SOURCE_DIR) + "/docs/feeds.md";
  std::stringstream file;
  file << std::ifstream(path).rdbuf();
  const std::string text = file.str();
  const std::size_t begin = text.find("| name |"), end = text.find("\n\n", begin) + 1;
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, 0u);
  if (std::getenv("PEEKR_ACCEPT") != nullptr) {
    std::ofstream(path) << text.substr(0, begin) << table() << text.substr(end);
    return;
  }
  EXPECT_EQ(text.substr(begin, end - begin), table()) << "PEEKR_ACCEPT=1 writes it";
}

TEST(Feed, a_document_finds_its_feed) {
  const Feed* osv = feed_of("a", R"({"id": "X-1", "modified": "2024-01-01T00:00:00Z"})");
  const Feed* secdb = feed_of("b", R"({"reponame": "main", "packages": []})");
  ASSERT_NE(osv, nullptr);
  ASSERT_NE(secdb, nullptr);
  EXPECT_EQ(osv->name, "osv");
  EXPECT_EQ(secdb->name, "alpine-secdb");
  EXPECT_EQ(feed_of("c", R"([{"id": "X-1", "modified": "2024-01-01T00:00:00Z"}])"), nullptr);
  EXPECT_EQ(feed_of("d", R"({"glibc": {"CVE-2015-7547": {"scope": "remote"}}})"), nullptr);
  EXPECT_EQ(feed_of("e", ""), nullptr);
  // CVE 5 may say first what OSV has, too; fields of that name come further in.
  EXPECT_EQ(
      feed_of(
          "f",
          R"({"containers": {"cna": {"affected": [{"id": "X-1", "modified": ""}]}}, "cveMetadata": {"cveId": "CVE-2024-1"}, "dataType": "CVE_RECORD"})",
          osv),
      feed_of("f",
              R"({"dataType": "CVE_RECORD", "cveMetadata": {"cveId": "CVE-2024-1"}, "containers": {}})"));
  EXPECT_EQ(feed_of("g", R"( { "affected": [], "id": "X-1"})"), osv);
}

// Which feed is asked first makes no difference.
TEST(Feed, no_document_is_two_feeds) {
  std::size_t documents = 0;
  for (const Feed* feed : all_feeds()) {
    std::string folder(feed->name);
    std::ranges::replace(folder, '-', '_');
    const fs::path in = fs::path(PEEKR_SOURCE_DIR) / "tests/fixtures/feed" / folder / "typical/in";
    for (const auto& file : fs::recursive_directory_iterator(in)) {
      if (!file.is_regular_file()) continue;
      std::ifstream stream(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
      const std::string name = file.path().lexically_relative(in);
      for (const Feed* likely : all_feeds())
        EXPECT_EQ(feed_of(name, bytes, likely), feed_of(name, bytes)) << file << " " << likely->name;
      ++documents;
    }
  }
  EXPECT_GT(documents, all_feeds().size());
}

TEST(Feed, a_summary_that_speaks_of_secfixes_is_still_an_osv_record) {
  const Feed* feed = feed_of("a", R"({"id": "X-1", "affected": [], "details": "see \"secfixes\""})");
  ASSERT_NE(feed, nullptr);
  EXPECT_EQ(feed->name, "osv");
}

TEST(Osv, two_streams_in_one_summary_give_modular_packages_the_first) {
  const Parsed all = parse(R"({"id": "ALSA-1", "modified": "2024-01-01T00:00:00Z",
    "summary": "Low: virt:rhel and virt-devel:rhel security update", "affected": [
    {"package": {"ecosystem": "AlmaLinux:8", "name": "libvirt"},
     "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "6.0.0-1.module_el8.3.0+2048+e7a0a3ea"}]}]},
    {"package": {"ecosystem": "AlmaLinux:8", "name": "plain"},
     "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "6.0.0-1.el8"}]}]}]})");
  ASSERT_EQ(all.advisories.size(), 1u);
  EXPECT_EQ(all.advisories[0].severity, "Low");
  EXPECT_EQ(all.advisories[0].affected[0].module, "virt:rhel");
  EXPECT_EQ(all.advisories[0].affected[1].module, "");
}

TEST(Osv, only_a_range_that_holds_no_version_denies) {
  const auto standing = [](std::string_view events) {
    const Parsed all = parse(R"({"id": "CGA-1", "modified": "2024-01-01T00:00:00Z",
      "affected": [{"package": {"ecosystem": "Wolfi", "name": "x"}, "ranges": [{"type": "ECOSYSTEM", "events": [)" +
                             std::string(events) + "]}]}]}");
    return all.advisories.at(0).affected.at(0).standing;
  };
  for (const char* empty :
       {R"({"introduced": "0"}, {"fixed": "0"})", R"({"fixed": "0"}, {"introduced": "0"})"})
    EXPECT_EQ(standing(empty), Standing::not_affected) << empty;
  for (const char* from_1 :
       {R"({"introduced": "1.0"}, {"fixed": "0"})", R"({"fixed": "0"}, {"introduced": "1.0"})",
        R"({"introduced": "0"})", R"({"introduced": "0"}, {"fixed": "1"})"})
    EXPECT_EQ(standing(from_1), Standing::affected) << from_1;
}

TEST(Osv, the_zero_time_is_no_date) {
  const Parsed all =
      parse(R"({"id": "GO-1", "modified": "2024-01-01T00:00:00Z", "published": "0001-01-01T00:00:00Z",
    "withdrawn": "0001-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Go", "name": "x"}}]})");
  EXPECT_EQ(all.advisories.at(0).withdrawn, "");
  EXPECT_EQ(all.advisories.at(0).published, "");
}

TEST(Secdb, of_several_fixes_in_one_package_the_latest_counts_whatever_the_order) {
  for (const char* fixes :
       {R"("1.9-r0": ["CVE-2020-0001"], "1.10-r0": ["CVE-2020-0001"], "0": ["CVE-2020-0001"])",
        R"("0": ["CVE-2020-0001"], "1.10-r0": ["CVE-2020-0001"], "1.9-r0": ["CVE-2020-0001"])"}) {
    const Parsed all = parse(
        R"({"distroversion": "v3.18", "reponame": "main", "packages": [{"pkg": {"name": "a", "secfixes": {)" +
        std::string(fixes) + "}}}]}");
    ASSERT_EQ(all.advisories.size(), 1u);
    const Affected& one = all.advisories[0].affected.at(0);
    ASSERT_EQ(one.ranges.size(), 1u);
    EXPECT_EQ(one.ranges[0].events.at(1).version, "1.10-r0");
    EXPECT_EQ(one.standing, Standing::affected);
  }
}

TEST(Secdb, an_endless_item_is_a_note) {
  const Parsed all =
      parse(R"({"distroversion": "v3.18", "packages": [{"pkg": {"name": "a", "secfixes": {"1": [")" +
            std::string(100'000, 'A') + R"("]}}}], "reponame": "main"})");
  EXPECT_EQ(all.advisories.size(), 0u);
  EXPECT_EQ(all.notes.size(), 1u);
}

// Conformance: the real dumps. MANIFEST.md of the shared data has the numbers.
TEST(Conformance, every_member_of_every_osv_dump_is_one_advisory) {
  const fs::path root = fs::path(shared()) / "feeds" / "osv";
  if (!fs::exists(root)) {
    std::printf("skipped: no shared data\n");
    GTEST_SKIP() << "skipped: no shared data";
  }
  const std::map<std::string, std::size_t> known = {
      {"AlmaLinux", 5637}, {"Alpaquita", 12401}, {"Alpine", 1733}, {"Bitnami", 7444},   {"Debian", 9118},
      {"GIT", 183},        {"Go", 4295},         {"Maven", 372},   {"Photon OS", 2621}, {"PyPI", 2675},
      {"RubyGems", 1170},  {"crates.io", 1212},  {"npm", 504},     {"Ubuntu", 10},
  };
  std::size_t dumps = 0, records = 0;
  for (const fs::directory_entry& folder : fs::directory_iterator(root)) {
    const fs::path zip = folder.path() / "all.zip";
    if (!fs::exists(zip)) continue;
    const Parsed all = parse_zip(zip);
    const std::string ecosystem = folder.path().filename();
    EXPECT_EQ(all.advisories.size(), all.documents) << ecosystem;
    if (known.contains(ecosystem)) {
      EXPECT_EQ(all.documents, known.at(ecosystem)) << ecosystem;
    }
    for (const Note& note : all.notes) ADD_FAILURE() << note.path.str() << ": " << note.what;
    ++dumps;
    records += all.documents;
  }
  std::printf("%zu dumps, %zu records, each one advisory\n", dumps, records);
  EXPECT_GE(dumps, known.size());
}

TEST(Conformance, every_document_of_the_alpine_secdb_is_read_whole) {
  const fs::path zip = fs::path(shared()) / "feeds" / "native" / "alpine-secdb" / "secdb.zip";
  if (!fs::exists(zip)) {
    std::printf("skipped: no shared data\n");
    GTEST_SKIP() << "skipped: no shared data";
  }
  const Parsed all = parse_zip(zip);
  EXPECT_EQ(all.documents, 18u);
  EXPECT_TRUE(all.notes.empty());
  for (const Note& note : all.notes) std::printf("%s: %s\n", note.path.str().c_str(), note.what.c_str());
  std::map<std::string, const Advisory*> by_id;
  std::size_t denied = 0;
  for (const Advisory& one : all.advisories) {
    EXPECT_TRUE(by_id.emplace(one.id, &one).second) << one.id << " twice";
    EXPECT_EQ(one.upstream.size(), 1u) << one.id;
    EXPECT_FALSE(one.affected.empty()) << one.id;
    denied += static_cast<std::size_t>(
        std::ranges::count(one.affected, Standing::not_affected, &Affected::standing));
  }
  EXPECT_EQ(denied, 5u);  // MANIFEST.md: in "0"
  ASSERT_TRUE(by_id.contains("ALPINE-SECDB-v3.9-main-CVE-2019-14697"));
  const Advisory& musl = *by_id["ALPINE-SECDB-v3.9-main-CVE-2019-14697"];
  EXPECT_EQ(musl.affected.at(0).package, "musl");
  EXPECT_EQ(musl.affected.at(0).ranges.at(0).events.at(1).version, "1.1.20-r5");
}

}  // namespace
}  // namespace peekr
