// SPDX-License-Identifier: Apache-2.0
// The publishers' feeds from document to verdict: the typical fixture of each row makes a database, and a package is judged
// by it; and the real documents of the shared data, whole. MANIFEST.md there has the numbers.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "feed/feed.h"
#include "match/match.h"
#include "service/documents.h"
#include "service/load.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

// What a package of a distribution is found to have, by the row's typical fixture: "CVE-1 affected, fixed in 2".
Lines verdicts(const std::string& row, const std::string& distro, const Package& package) {
  const fs::path folder = fs::temp_directory_path() / ("peekr-feeds-" + row + std::to_string(::getpid()));
  const fs::path in = fs::path(PEEKR_SOURCE_DIR) / "tests/fixtures/feed" / row / "typical/in";
  std::vector<Note> notes;
  const Result<DbInfo> info = build_db({in}, folder, "2026-11-25T00:00:00Z", notes);
  EXPECT_TRUE(info) << info.error().message;
  for (const Note& note : notes) ADD_FAILURE() << note.path.str() << ": " << note.what;
  Lines all;
  if (!info) return all;
  Inventory inventory{.packages = {package}};
  const std::size_t blank = distro.find(' ');
  if (!distro.empty()) {
    inventory.distro = Distro{.id = distro.substr(0, blank), .name = distro};
    if (blank != std::string::npos) inventory.distro->version_id = distro.substr(blank + 1);
  }
  const Result<Db> db = Db::open(folder);
  const Result<Findings> findings = match(inventory, *db);
  EXPECT_TRUE(findings) << findings.error().message;
  for (const Finding& one : findings->list) {
    all.push_back(one.id + " " + std::string(name(one.standing)) +
                  (one.fixed_in.empty() ? "" : ", fixed in " + one.fixed_in));
  }
  for (const Note& note : findings->notes) all.push_back("note: " + note.what);
  std::ranges::sort(all);
  fs::remove_all(folder);
  return all;
}

Package deb(std::string source, std::string version) {
  return {.type = "deb",
          .name = source + "-bin",
          .version = version,
          .source = source,
          .source_version = version};
}

TEST(Verdict, debian_tracker) {
  const std::string row = "debian_tracker";
  EXPECT_EQ(verdicts(row, "debian 8", deb("glibc", "2.19-18+deb8u2")),
            (Lines{"CVE-2015-7547 affected, fixed in 2.19-18+deb8u3"}));
  EXPECT_EQ(verdicts(row, "debian 12", deb("glibc", "2.36-9")), Lines{});
  EXPECT_EQ(verdicts(row, "debian 12", deb("apparmor", "3.0.8-3")), Lines{});
  EXPECT_EQ(verdicts(row, "debian 12", deb("zlib", "1:1.2.13.dfsg-1")), (Lines{"CVE-2023-45853 wont_fix"}));
  EXPECT_EQ(verdicts(row, "debian 11", deb("ncurses", "6.2")), (Lines{"CVE-2023-50495 deferred"}));
  EXPECT_EQ(verdicts(row, "debian 10", deb("chromium", "89")), (Lines{"CVE-2022-0456 end_of_life"}));
  EXPECT_EQ(verdicts(row, "debian 12", deb("bash", "5.2.15-2")), (Lines{"TEMP-0841856-B18BAF affected"}));
}

TEST(Verdict, debian_advisories) {
  EXPECT_EQ(verdicts("debian_advisories", "debian 11", deb("sox", "14.4.2+git20190427-2+deb11u1")),
            (Lines{"CVE-2019-13590 affected, fixed in 14.4.2+git20190427-2+deb11u2",
                   "CVE-2021-3643 affected, fixed in 14.4.2+git20190427-2+deb11u2"}));
  EXPECT_EQ(verdicts("debian_advisories", "debian 11", deb("sox", "14.4.2+git20190427-2+deb11u2")), Lines{});
}

TEST(Verdict, debian_cves) {
  const std::string row = "debian_cves";
  EXPECT_EQ(verdicts(row, "debian 12", deb("glibc", "2.36-9")),
            (Lines{"CVE-2019-1010022 affected", "CVE-2023-4911 affected, fixed in 2.36-9+deb12u3"}));
  // No line of its own: older than unstable's fix, and no fix of its own is known.
  EXPECT_EQ(verdicts(row, "debian 10", deb("zlib", "1:1.2.11.dfsg-1")), (Lines{"CVE-2023-45853 affected"}));
  EXPECT_EQ(verdicts(row, "debian 10", deb("zlib", "1:1.3.dfsg-4")), Lines{});
  EXPECT_EQ(verdicts(row, "debian 11", deb("gpac", "1.0.1")), (Lines{"CVE-2023-46930 end_of_life"}));
  EXPECT_EQ(verdicts(row, "debian 12", deb("gpac", "2.2.1")), (Lines{"CVE-2023-46930 under_investigation"}));
}

// The real documents.

struct Parsed : Published {
  std::map<std::string, std::size_t> documents;  // by feed; "": nobody's
};

// Everything in a file or folder below the shared feeds; nothing: there is no shared data.
std::optional<Parsed> parse_shared(const std::string& place) {
  const char* set = std::getenv("PEEKR_SHARED");
  const fs::path root =
      fs::path(set != nullptr ? set : std::string(PEEKR_SOURCE_DIR) + "/../shared") / "feeds" / place;
  if (!fs::exists(root)) {
    std::printf("skipped: no shared data\n");
    return std::nullopt;
  }
  Parsed all;
  const auto use = [&](Document document) -> Status {
    const Feed* feed = feed_of(document.name, document.bytes);
    ++all.documents[feed == nullptr ? "" : std::string(feed->name)];
    if (feed != nullptr) feed->parse(document.name, document.bytes, all);
    return {};
  };
  Lines files;
  if (fs::is_directory(root)) {
    for (const auto& file : fs::recursive_directory_iterator(root)) {
      if (file.is_regular_file() && !is_side_file(file.path())) files.push_back(file.path());
    }
  } else {
    files.push_back(root);
  }
  std::ranges::sort(files);
  for (const std::string& file : files) EXPECT_TRUE(each_document(file, file, all.notes, use)) << file;
  return all;
}

Lines notes_of(const Parsed& parsed) {
  Lines all;
  for (const Note& note : parsed.notes) all.push_back(std::string(name(note.why)) + ": " + note.what);
  return all;
}

std::map<std::string, const Advisory*> by_id(const Parsed& parsed) {
  std::map<std::string, const Advisory*> all;
  for (const Advisory& one : parsed.advisories)
    EXPECT_TRUE(all.emplace(one.id, &one).second) << one.id << " twice";
  return all;
}

// "Debian:12 expat < 2.5.0-1+deb12u4", one for each entry that is not "not affected".
std::set<std::string> facts(const Advisory& advisory) {
  std::set<std::string> all;
  for (const Affected& one : advisory.affected) {
    if (one.standing == Standing::not_affected) continue;
    std::string line = one.ecosystem + " " + one.package;
    for (const Range& range : one.ranges) {
      for (const Event& event : range.events) {
        if (event.kind == Event::Kind::fixed) line += " < " + event.version;
      }
    }
    all.insert(std::move(line));
  }
  return all;
}

TEST(Conformance, debian_s_tracker_says_what_osv_s_copy_of_it_says) {
  const std::optional<Parsed> tracker = parse_shared("native/debian/tracker-bookworm.json");
  const std::optional<Parsed> osv = parse_shared("osv-bookworm/Debian/all.zip");
  if (!tracker || !osv) GTEST_SKIP() << "skipped: no shared data";
  EXPECT_EQ(tracker->documents, (std::map<std::string, std::size_t>{{"debian-tracker", 1}}));
  EXPECT_EQ(notes_of(*tracker), Lines{});
  EXPECT_EQ(tracker->advisories.size(), 303u);
  const auto ours = by_id(*tracker), theirs = by_id(*osv);
  ASSERT_EQ(ours.size(), theirs.size());
  for (const auto& [id, one] : theirs) {
    ASSERT_TRUE(ours.contains(id)) << id;
    EXPECT_EQ(ours.at(id)->upstream, one->upstream) << id;
    EXPECT_EQ(facts(*ours.at(id)), facts(*one)) << id;
    EXPECT_EQ(ours.at(id)->affected.at(0).urgency, one->affected.at(0).urgency) << id;
  }
}

TEST(Conformance, debian_s_lists_of_advisories_say_what_osv_s_copies_say) {
  const std::optional<Parsed> lists = parse_shared("native/debian/security-tracker-lists.tar.zst");
  const std::optional<Parsed> osv = parse_shared("osv/Debian/all.zip");
  if (!lists || !osv) GTEST_SKIP() << "skipped: no shared data";
  EXPECT_EQ(lists->documents.at("debian-advisories"), 3u);
  EXPECT_EQ(notes_of(*lists), Lines{});
  EXPECT_EQ(lists->advisories.size(), 5406u + 3534u + 208u);
  std::map<std::string, const Advisory*> ours;
  for (const Advisory& one : lists->advisories) ours.emplace(one.id, &one);
  std::size_t compared = 0;
  for (const Advisory& one : osv->advisories) {
    ASSERT_TRUE(ours.contains(one.id)) << one.id;
    const Advisory& own = *ours.at(one.id);
    EXPECT_EQ(own.upstream, one.upstream) << one.id;
    EXPECT_EQ(own.summary, one.summary) << one.id;
    EXPECT_EQ(own.published, one.published) << one.id;
    EXPECT_EQ(facts(own), facts(one)) << one.id;
    ++compared;
  }
  EXPECT_EQ(compared, 9118u);
}

}  // namespace
}  // namespace peekr
