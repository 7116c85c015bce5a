// SPDX-License-Identifier: Apache-2.0
#include "service/load.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "db/db.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNow = "2026-11-23T00:00:00Z";

std::string shared() {
  const char* set = std::getenv("PEEKR_SHARED");
  return set != nullptr ? set : std::string(PEEKR_SOURCE_DIR) + "/../shared";
}

class LoadTest : public testing::Test {
 protected:
  LoadTest() : folder_(fs::temp_directory_path() / ("peekr-load-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
  }
  ~LoadTest() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& bytes) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  Result<DbInfo> build(std::initializer_list<std::string> from) {
    std::vector<std::string> paths;
    for (const std::string& one : from) paths.push_back(folder_ / one);  // absolute ones stay
    notes_.clear();
    return build_db({.from = paths, .directory = folder_ / "db", .now = kNow}, notes_);
  }
  [[nodiscard]] std::vector<std::string> advisories_of(const std::string& ecosystem,
                                                       const std::string& package) const {
    std::vector<std::string> ids;
    const Result<Db> db = Db::open(folder_ / "db");
    const std::vector<Entry> entries = db->lookup(ecosystem, package).value();
    for (const Entry& one : entries) ids.push_back(one.advisory);
    return ids;
  }
  [[nodiscard]] std::vector<std::string> notes() const {
    std::vector<std::string> lines;
    for (const Note& one : notes_)
      lines.push_back(one.path.str() + ": " + std::string(name(one.why)) + ": " + one.what);
    return lines;
  }

  fs::path folder_;
  std::vector<Note> notes_;
};

using Lines = std::vector<std::string>;

constexpr const char* kGlibc =
    R"({"id": "DSA-3481-1", "modified": "2016-02-16T00:00:00Z", "upstream": ["CVE-2015-7547"],
  "affected": [{"package": {"ecosystem": "Debian:8", "name": "glibc"},
  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.19-18+deb8u3"}]}]}]})";
constexpr const char* kSecdb = R"({"distroversion": "v3.9", "reponame": "main",
  "packages": [{"pkg": {"name": "musl", "secfixes": {"1.1.20-r5": ["CVE-2019-14697"]}}}]})";

TEST_F(LoadTest, folders_and_files_of_both_feeds_make_one_database) {
  write("osv/Debian/DSA-3481-1.json", kGlibc);
  write("osv/Debian/modified_id.csv", "2016-02-16T00:00:00Z,DSA-3481-1\n");
  write("secdb.json", std::string("\xEF\xBB\xBF") + kSecdb);  // as some editors leave it
  const Result<DbInfo> info = build({"osv", "secdb.json"});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(notes(), Lines{});
  EXPECT_EQ(info->built, kNow);
  EXPECT_EQ(info->advisories, 2u);
  ASSERT_EQ(info->sources.size(), 2u);
  EXPECT_EQ(info->sources[0].name, "alpine-secdb/v3.9");
  EXPECT_EQ(info->sources[1].name, "osv/Debian");
  EXPECT_EQ(info->sources[1].newest, "2016-02-16T00:00:00Z");
  EXPECT_EQ(advisories_of("Debian:8", "glibc"), Lines{"DSA-3481-1"});
  EXPECT_EQ(advisories_of("Alpine:v3.9", "musl"), Lines{"ALPINE-SECDB-v3.9-main-CVE-2019-14697"});
}

TEST_F(LoadTest, two_documents_of_one_id_that_are_not_alike_are_told_of) {
  std::string other = kGlibc;
  other.replace(other.find(R"("glibc")"), 7, R"("bash")");
  write("a/one.json", kGlibc);
  write("b/one.json", kGlibc);
  ASSERT_TRUE(build({"a", "b"}));
  EXPECT_EQ(notes(), Lines{});
  write("b/two.json", other);
  ASSERT_TRUE(build({"a", "b"}));
  ASSERT_EQ(notes().size(), 1u);
  EXPECT_TRUE(notes()[0].starts_with(": suspicious: DSA-3481-1: given more than once, and not alike"))
      << notes()[0];
}

TEST_F(LoadTest, what_is_not_read_is_a_note_and_the_rest_is) {
  write("in/a.json", "no json");
  write("in/b.json", R"({"id": "X-1", "modified": "2024-01-01T00:00:00Z", "affected": 7})");
  write("in/c.json", kGlibc);
  write("in/d.yaml", "id: X-2");
  write("in/e.zip", "no zip");
  write("in/tracker.json", R"({"glibc": {}})");
  const Result<DbInfo> info = build({"in"});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->advisories, 2u);
  Lines got = notes();
  std::ranges::sort(got);
  ASSERT_EQ(got.size(), 5u);
  EXPECT_EQ(got[0], "a.json: unsupported: no feed knows this form");
  EXPECT_EQ(got[1], "b.json: damaged: X-1: affected: not a list");
  EXPECT_EQ(got[2], "d.yaml: unsupported: no feed knows this form");
  EXPECT_TRUE(got[3].starts_with("e.zip: damaged: ")) << got[3];
  EXPECT_EQ(got[4], "tracker.json: unsupported: no feed knows this form");
}

TEST_F(LoadTest, packed_documents_are_unpacked_and_many_unknown_ones_are_one_note) {
  write("all/a/DSA-3481-1.json", kGlibc);
  write("all/b/one.yaml", "id: X-1");
  write("all/b/two.yaml", "id: X-2");
  write("all/LICENSE.txt", "free");
  write("secdb.json", kSecdb);
  const std::string in = "cd " + folder_.native() + " && ";
  ASSERT_EQ(
      std::system(
          (in + "mkdir in && tar --zstd -cf in/all.tar.zst all && gzip -c secdb.json > in/secdb.json.gz")
              .c_str()),
      0);
  const Result<DbInfo> info = build({"in"});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->advisories, 2u);
  EXPECT_EQ(notes(), Lines{"all.tar.zst: unsupported: no feed knows this form: 2 documents, the first is "
                           "all.tar.zst!all/b/one.yaml"});
  ASSERT_EQ(std::system((in + "head -c 200 in/all.tar.zst > in/cut.tar.zst; rm in/all.tar.zst").c_str()), 0);
  EXPECT_TRUE(build({"in"}));
  ASSERT_EQ(notes().size(), 2u);
  EXPECT_TRUE(notes()[0].starts_with("cut.tar.zst: damaged: ")) << notes()[0];
  EXPECT_EQ(notes()[1], "osv/Debian: no_data: 1 records of the old database are not in the new one");
}

TEST_F(LoadTest, documents_behind_bzip2_and_xz_are_unpacked) {
  write("all/a/DSA-3481-1.json", kGlibc);
  write("secdb.json", kSecdb);
  const std::string in = "cd " + folder_.native() + " && ";
  ASSERT_EQ(
      std::system((in + "mkdir in && tar -cJf in/all.tar.xz all && bzip2 -c secdb.json > in/a.json.bz2 && "
                        "bzip2 -c secdb.json >> in/a.json.bz2")
                      .c_str()),
      0);
  const Result<DbInfo> info = build({"in"});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->advisories, 1u);  // two streams: the document twice, which is no JSON
  EXPECT_EQ(notes().size(), 1u);
  ASSERT_EQ(
      std::system((in + "bzip2 -c secdb.json > in/a.json.bz2; head -c 90 in/all.tar.xz > in/cut.tar.xz; "
                        "echo BZh91AY rubbish > in/b.json.bz2")
                      .c_str()),
      0);
  EXPECT_EQ(build({"in"})->advisories, 2u);
  ASSERT_EQ(notes().size(), 2u);
  EXPECT_EQ(notes()[0], "b.json.bz2: damaged: bzip2: not a bzip2 stream");
  EXPECT_TRUE(notes()[1].starts_with("cut.tar.xz: damaged: xz: ")) << notes()[1];
}

TEST_F(LoadTest, scores_in_csv_are_a_feed_and_other_csv_is_not) {
  write("in/epss_scores-2024-10-25.csv",
        "#model_version:v2023.03.01,score_date:2024-10-25T00:00:00+0000\ncve,epss,percentile\n"
        "CVE-1999-0005,0.91963,0.99030\nCVE-1999-0006,0.03341,0.91563\n");
  write("in/modified_id.csv", "2024-01-01T00:00:00Z,DSA-1-1\n");
  const Result<DbInfo> info = build({"in"});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_TRUE(notes_.empty());
  EXPECT_EQ(info->risks, 2u);
  ASSERT_EQ(info->sources.size(), 1u);
  EXPECT_EQ(info->sources[0].name, "epss");
  EXPECT_EQ(info->sources[0].newest, "2024-10-25T00:00:00Z");
  const Result<Db> db = Db::open(folder_ / "db");
  EXPECT_DOUBLE_EQ(epss_of(db->risk("CVE-1999-0006").value())->epss->percentile, 0.91563);
}

TEST_F(LoadTest, a_build_without_any_advisory_fails_and_leaves_the_old_database) {
  write("good.json", kGlibc);
  ASSERT_TRUE(build({"good.json"}));
  write("bad.json", "no json");
  EXPECT_EQ(build({"bad.json"}).error().code, Errc::not_found);
  EXPECT_EQ(build({"missing"}).error().code, Errc::not_found);
  EXPECT_EQ(advisories_of("Debian:8", "glibc"), Lines{"DSA-3481-1"});
}

// The real documents about CVEs. Numbers of MANIFEST.md.
TEST_F(LoadTest, what_is_said_about_cves_is_read_whole) {
  const std::string native = fs::absolute(shared() + "/feeds/native");
  if (!fs::exists(native)) {
    std::printf("skipped: no shared data\n");
    GTEST_SKIP() << "skipped: no shared data";
  }
  const Result<DbInfo> info = build({native + "/kev", native + "/cve5", native + "/nvd"});
  ASSERT_TRUE(info) << info.error().message;
  // Its JSON schemas and a licence are no documents.
  EXPECT_EQ(notes(),
            (Lines{"kev.tar.zst!known_exploited_vulnerabilities_schema.json: unsupported: no feed "
                   "knows this form",
                   "nvd-data-overrides.tar.zst: unsupported: no feed knows this form: 2 documents, the "
                   "first is nvd-data-overrides.tar.zst!LICENSE"}));
  constexpr std::uint64_t kKev = 1404, kCve5 = 6737, kRejected = 16, kSsvc = 6721, kNvd = 4,
                          kOverrides = 32184, kKevOfNvd = 3;
  EXPECT_EQ(info->advisories, kCve5 + kNvd + kOverrides);
  EXPECT_EQ(info->withdrawn, kRejected);
  EXPECT_EQ(info->risks, kKev + kSsvc + kKevOfNvd);
  const Db db = Db::open(folder_ / "db").value();
  const std::vector<Risk> log4j = db.risk("CVE-2021-44228").value();
  ASSERT_NE(kev_of(log4j), nullptr);
  EXPECT_EQ(kev_of(log4j)->kev->due, "2021-12-24");
  EXPECT_TRUE(kev_of(log4j)->kev->ransomware);
  const std::vector<Entry> glibc = db.lookup("CPE", "gnu:glibc").value();
  EXPECT_NE(std::ranges::find(glibc, "NVD-CVE-2015-7547", &Entry::advisory), glibc.end());
}

// The shared data: real dumps. Numbers from its MANIFEST.md.
TEST_F(LoadTest, the_dumps_of_osv_make_a_database) {
  const std::string osv = shared() + "/feeds/osv";
  if (!fs::exists(osv)) {
    std::printf("skipped: no shared data\n");
    GTEST_SKIP() << "skipped: no shared data";
  }
  const auto start = std::chrono::steady_clock::now();
  const Result<DbInfo> info =
      build({fs::absolute(osv), fs::absolute(shared() + "/feeds/native/alpine-secdb")});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(info) << info.error().message;
  std::printf("%llu advisories, %llu withdrawn, %llu packages, %llu bytes in %.1f s\n",
              static_cast<unsigned long long>(info->advisories),
              static_cast<unsigned long long>(info->withdrawn),
              static_cast<unsigned long long>(info->packages), static_cast<unsigned long long>(info->bytes),
              took.count());
  EXPECT_EQ(notes(), Lines{});
  EXPECT_EQ(info->withdrawn, 43u);
  const Lines glibc = advisories_of("Debian:8", "glibc");
  EXPECT_NE(std::ranges::find(glibc, "DSA-3481-1"), glibc.end());
  // Both publishers speak of musl: OSV of main only, the secdb of both repositories.
  const Lines musl = advisories_of("Alpine:v3.9", "musl");
  EXPECT_NE(std::ranges::find(musl, "ALPINE-CVE-2019-14697"), musl.end());
  EXPECT_NE(std::ranges::find(musl, "ALPINE-SECDB-v3.9-main-CVE-2019-14697"), musl.end());
  EXPECT_FALSE(advisories_of("Alpine:v3.9", "nodejs-current").empty());
}

}  // namespace
}  // namespace peekr
