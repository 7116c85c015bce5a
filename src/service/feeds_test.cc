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
  const Result<DbInfo> info =
      build_db({.from = {in}, .directory = folder, .now = "2026-11-25T00:00:00Z"}, notes);
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

Package of_type(std::string type, std::string name, std::string version) {
  return {.type = std::move(type), .name = name, .version = std::move(version), .source = name};
}

TEST(Verdict, openvex) {
  const std::string row = "openvex";
  EXPECT_EQ(verdicts(row, "ubuntu 16.04", deb("curl", "7.47.0-1ubuntu2.19")),
            (Lines{"CVE-2023-38545 end_of_life"}));
  EXPECT_EQ(verdicts(row, "ubuntu 24.04", deb("glibc", "2.39-0ubuntu8.7")),
            (Lines{"CVE-2016-20013 wont_fix"}));
  EXPECT_EQ(verdicts(row, "ubuntu 22.04", deb("musl", "1.2.2-4")),
            (Lines{"CVE-2016-20013 under_investigation"}));
  EXPECT_EQ(verdicts(row, "ubuntu 22.04", deb("curl", "7.81.0-1ubuntu1.2")),
            Lines{});  // left to Ubuntu's OSV
  EXPECT_EQ(verdicts(row, "", of_type("dhi", "minio", "2025.10")),
            (Lines{"CVE-2024-45337 under_investigation"}));
}

TEST(Verdict, photon) {
  const std::string row = "photon";
  const auto rpm = [](std::string name, std::string version) {
    return of_type("rpm", std::move(name), std::move(version));
  };
  EXPECT_EQ(verdicts(row, "photon 5.0", rpm("curl", "8.1.2-5.ph5")),
            (Lines{"CVE-2023-38545 affected, fixed in 8.1.2-6.ph5", "PHOTON-5.0-UNK-1 affected"}));
  EXPECT_EQ(verdicts(row, "photon 5.0", rpm("curl-libs", "8.1.2-6.ph5")), Lines{});
  EXPECT_EQ(verdicts(row, "photon 3.0", rpm("krb5", "1.17-14.ph3")), Lines{});
  EXPECT_EQ(verdicts(row, "photon 3.0", rpm("python3", "3.7.5-1.ph3")),
            (Lines{"CVE-2023-50447 under_investigation"}));
}

TEST(Verdict, arch) {
  const std::string row = "arch";
  EXPECT_EQ(verdicts(row, "arch", of_type("alpm", "curl", "7.50.2-1")),
            (Lines{"CVE-2016-7167 affected, fixed in 7.50.3-1"}));
  EXPECT_EQ(verdicts(row, "arch", of_type("alpm", "lib32-glibc", "2.35-3")),
            (Lines{"CVE-2021-43396 affected"}));
  EXPECT_EQ(verdicts(row, "arch", of_type("alpm", "linux", "5.12.2.arch1-1")), Lines{});
  EXPECT_EQ(verdicts(row, "arch", of_type("alpm", "wireshark-cli", "3.6.0-1")),
            (Lines{"CVE-2021-4190 under_investigation"}));
}

TEST(Verdict, almalinux) {
  const std::string row = "almalinux";
  Package package = of_type("rpm", "libsndfile", "1.0.28-10.el8");
  package.arch = "x86_64";
  EXPECT_EQ(verdicts(row, "almalinux 8.4", package),
            (Lines{"CVE-2021-3246 affected, fixed in 1.0.28-10.el8_4.1"}));
  package.arch = "aarch64";
  EXPECT_EQ(verdicts(row, "almalinux 8.4", package), Lines{});
  Package modular = of_type("rpm", "libiscsi", "1.18.0-7.module_el8.4.0+1+1");
  modular.modularity = "virt:rhel:8040020200101000000:522a0ee4";
  EXPECT_EQ(verdicts(row, "almalinux 8.4", modular),
            (Lines{"CVE-2020-7039 affected, fixed in 1.18.0-8.module_el8.4.0+2523+3300d70f"}));
  modular.modularity = "virt:av:8040020200101000000:522a0ee4";
  EXPECT_EQ(verdicts(row, "almalinux 8.4", modular), Lines{});
}

TEST(Verdict, echo) {
  EXPECT_EQ(verdicts("echo", "echo 12", deb("python", "3.6.15")),
            (Lines{"CVE-2007-4559 affected, fixed in 3.6.16", "CVE-2009-2940 affected"}));
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
    const auto its = [&](const Feed* one) { return one->recognises(document.name, document.bytes); };
    EXPECT_LE(std::ranges::count_if(all_feeds(), its), 1) << document.name;
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

std::size_t standing(const Parsed& parsed, Standing which) {
  std::size_t count = 0;
  for (const Advisory& one : parsed.advisories) {
    count += static_cast<std::size_t>(std::ranges::count(one.affected, which, &Affected::standing));
  }
  return count;
}

std::size_t entries(const Parsed& parsed) {
  std::size_t count = 0;
  for (const Advisory& one : parsed.advisories) count += one.affected.size();
  return count;
}

TEST(Conformance, every_row_of_photon_s_documents_is_one_entry) {
  const std::optional<Parsed> all = parse_shared("native/photon");
  if (!all) GTEST_SKIP() << "skipped: no shared data";
  EXPECT_EQ(all->documents, (std::map<std::string, std::size_t>{{"photon", 4}}));
  EXPECT_EQ(notes_of(*all), Lines{});
  EXPECT_EQ(entries(*all), 4257u + 6206u + 8689u + 18812u);
  EXPECT_EQ(standing(*all, Standing::not_affected), 1401u + 2140u + 3084u);
  EXPECT_EQ(standing(*all, Standing::affected), 2856u + 4066u + 5605u + 18812u);
  const auto found = by_id(*all);
  ASSERT_TRUE(found.contains("PHOTON-5.0-CVE-2023-38545"));
  EXPECT_TRUE(facts(*found.at("PHOTON-5.0-CVE-2023-38545")).contains("Photon OS:5.0 curl < 8.1.2-6.ph5"));
}

TEST(Conformance, docker_s_hardened_images_are_read_whole) {
  const std::optional<Parsed> all = parse_shared("native/dhi");
  if (!all) GTEST_SKIP() << "skipped: no shared data";
  EXPECT_EQ(all->documents, (std::map<std::string, std::size_t>{{"openvex", 107}, {"osv", 693}}));
  // Seven of Docker's records have a range without events, two notes each.
  EXPECT_EQ(notes_of(*all).size(), 14u);
  for (const std::string& note : notes_of(*all)) {
    EXPECT_TRUE(note.ends_with("events: none") || note.ends_with("record left out")) << note;
  }
  std::map<std::string, std::size_t> statements;
  for (const Advisory& one : all->advisories) {
    if (one.id.starts_with("DHI-VEX-")) ++statements[std::string(name(one.affected.at(0).standing))];
  }
  EXPECT_EQ(statements, (std::map<std::string, std::size_t>{
                            {"affected", 10}, {"not_affected", 6525}, {"under_investigation", 170}}));
  std::set<std::string> ids;  // documents of two images have 46 statements in common
  for (const Advisory& one : all->advisories) ids.insert(one.id);
  EXPECT_EQ(ids.size(), 6659u + 693 - 7);
}

TEST(Conformance, vulnerabilities_of_node_js_are_read_whole) {
  const std::optional<Parsed> all = parse_shared("native/nodejs");
  if (!all) GTEST_SKIP() << "skipped: no shared data";
  EXPECT_EQ(all->documents.at("nodejs"), 172u + 7u);
  EXPECT_EQ(notes_of(*all), Lines{});
  EXPECT_EQ(all->advisories.size(), 2 * (171u + 6u));  // each once more in an index
  for (const Advisory& one : all->advisories) {
    if (one.id != "NSWG-COR-70") continue;
    std::string ranges;
    for (const Range& range : one.affected.at(0).ranges)
      ranges += range.events[0].version + " " + range.events[1].version + "; ";
    EXPECT_EQ(one.upstream, Lines{"CVE-2020-8265"});
    EXPECT_EQ(ranges, "10.0.0 10.23.1; 12.0.0 12.20.1; 14.0.0 14.15.4; 15.0.0 15.5.1; ");
  }
}

TEST(Conformance, records_of_kubernetes_keep_out_of_the_way_of_others) {
  const std::optional<Parsed> all = parse_shared("native/kubernetes");
  if (!all) GTEST_SKIP() << "skipped: no shared data";
  EXPECT_EQ(notes_of(*all), Lines{});
  for (const Advisory& one : all->advisories) {
    EXPECT_TRUE(one.id.starts_with("KUBE-CVE-")) << one.id;
    EXPECT_EQ(one.affected.at(0).ecosystem, "Kubernetes");
  }
  EXPECT_EQ(by_id(*all).size(), all->advisories.size());
}

}  // namespace
}  // namespace peekr
