// SPDX-License-Identifier: Apache-2.0
// What is read a second time: databases behind links, and those whose neighbours lie in other layers.
#include "catalog/again.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "../../tests/fixture.h"
#include "catalog/test_catalog.h"

namespace peekr {
namespace {

using namespace testing_catalog;

// rpmdb.sqlite with the package "kernel" 1-1, and a write-ahead log that adds another of its name, 2-1.
struct RpmDatabase {
  std::string bytes, log;
};

constexpr std::string_view kMakeRpmDatabase = R"python(
import sqlite3, struct, sys
def header(version):
    texts = [(1000, "kernel"), (1001, version), (1002, "1"), (1022, "noarch")]
    store = b"".join(text.encode() + b"\0" for _, text in texts)
    index, at = b"", 0
    for tag, text in texts:
        index += struct.pack(">IIII", tag, 6, at, 1)
        at += len(text) + 1
    return struct.pack(">II", len(texts), len(store)) + index + store
def copy(suffix):
    with open("db" + suffix, "rb") as a, open("copy" + suffix, "wb") as b: b.write(a.read())
db = sqlite3.connect("db", isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA wal_autocheckpoint = 0")
db.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
db.execute("INSERT INTO Packages (blob) VALUES (?)", (header("1"),))
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
db.execute("INSERT INTO Packages (blob) VALUES (?)", (header("2"),))
copy("")
copy("-wal")
)python";

RpmDatabase make_rpm_database() {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("peekr-catalog-test-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "make.py") << kMakeRpmDatabase;
  EXPECT_EQ(std::system(("cd '" + folder.string() + "' && python3 make.py").c_str()), 0);
  RpmDatabase made{fixture::slurp(folder / "copy"), fixture::slurp(folder / "copy-wal")};
  std::filesystem::remove_all(folder);
  return made;
}

TEST(Again, a_write_ahead_log_counts_in_whatever_layer_it_is) {
  const RpmDatabase made = make_rpm_database();
  const Made db = file("var/lib/rpm/rpmdb.sqlite", made.bytes),
             log = file("var/lib/rpm/rpmdb.sqlite-wal", made.log);
  const Made no_log = file("var/lib/rpm/.wh.rpmdb.sqlite-wal", "");
  EXPECT_EQ(packages(catalogue({{db}})), Texts{"kernel 1-1 @0"});
  EXPECT_EQ(packages(catalogue({{db, log}})), (Texts{"kernel 1-1 @0", "kernel 2-1 @0"}));
  EXPECT_EQ(packages(catalogue({{log, db}})), (Texts{"kernel 1-1 @0", "kernel 2-1 @0"}));
  EXPECT_EQ(packages(catalogue({{db}, {log}})), (Texts{"kernel 1-1 @0", "kernel 2-1 @1"}));
  EXPECT_EQ(packages(catalogue({{db, log}, {no_log}})), Texts{"kernel 1-1 @0"});
  EXPECT_EQ(packages(catalogue({{db, log}, {db, no_log}})), Texts{"kernel 1-1 @0"});
}

TEST(Again, files_that_are_too_large_to_be_read_together_are_a_note) {
  const RpmDatabase made = make_rpm_database();
  const Layers layers = {{file("var/lib/rpm/rpmdb.sqlite", made.bytes)},
                         {file("var/lib/rpm/rpmdb.sqlite-wal", made.log)}};
  const std::uint64_t both = made.bytes.size() + made.log.size();
  const Inventory all = catalogue(layers, Selection(), {.limits = {.file_bytes = both}});
  EXPECT_EQ(packages(all), (Texts{"kernel 1-1 @0", "kernel 2-1 @1"}));
  const Inventory some = catalogue(layers, Selection(), {.limits = {.file_bytes = both - 1}});
  EXPECT_EQ(packages(some), Texts{"kernel 1-1 @0"});
  EXPECT_NE(notes(some).find("rpmdb.sqlite-wal: second reading: is left out"), std::string::npos);
  EXPECT_NE(notes(some).find("file_bytes"), std::string::npos);
}

TEST(Again, a_database_behind_a_link_has_its_log) {
  const RpmDatabase made = make_rpm_database();
  const Inventory inventory =
      catalogue({{symlink("var/lib/rpm", "/opt/db"), file("opt/db/rpmdb.sqlite", made.bytes),
                  file("opt/db/rpmdb.sqlite-wal", made.log)}});
  EXPECT_EQ(packages(inventory), (Texts{"kernel 1-1 @0", "kernel 2-1 @0"}));
  EXPECT_EQ(notes(inventory), "");
  const auto behind = [&](const std::string& log) {
    return packages(catalogue(
        {{symlink("var/lib/rpm/rpmdb.sqlite", "/x/db"), file("x/db", made.bytes), file(log, made.log)}}));
  };
  EXPECT_EQ(behind("x/db-wal"), (Texts{"kernel 1-1 @0", "kernel 2-1 @0"}));
  EXPECT_EQ(behind("var/lib/rpm/rpmdb.sqlite-wal"), Texts{"kernel 1-1 @0"}) << "SQLite looks beside the file";
}

TEST(Again, a_database_left_behind_by_a_conversion_does_not_count) {
  const RpmDatabase made = make_rpm_database();
  const Inventory inventory = catalogue(
      {{file("var/lib/rpm/rpmdb.sqlite", made.bytes), file("var/lib/rpm/Packages.db", made.bytes)}});
  ASSERT_EQ(packages(inventory), Texts{"kernel 1-1 @0"});
  EXPECT_EQ(inventory.packages[0].path.str(), "var/lib/rpm/rpmdb.sqlite");
  EXPECT_EQ(inventory.notes.size(), 1u);
}

TEST(Again, a_database_behind_a_link_is_found_under_its_well_known_name) {
  const Inventory inventory = catalogue({
      {symlink("var/lib/dpkg", "../../opt/state"), file("opt/state/status", stanza("a", "1")),
       file("opt/state/info/a.list", "/usr/bin/a\n")},
      {file("etc/hostname", "x")},
  });
  ASSERT_EQ(packages(inventory), Texts{"a 1 @0"});
  EXPECT_EQ(inventory.packages[0].path.str(), kStatus);
  EXPECT_EQ(inventory.packages[0].files, Texts{"usr/bin/a"});
  EXPECT_EQ(notes(inventory), "");
}

TEST(Again, a_database_written_through_a_link_is_read_once_and_keeps_its_well_known_name) {
  const Made link = symlink("var/lib/dpkg", "/opt/state"), status = file(kStatus, stanza("a", "1"));
  const std::vector<Layers> images = {{{{"opt/state/", '5', "", ""}, link, status}}, {{link}, {status}}};
  for (const Layers& layers : images) {
    const Inventory inventory = catalogue(layers);
    ASSERT_EQ(packages(inventory), Texts{"a 1 @" + std::to_string(layers.size() - 1)});
    EXPECT_EQ(inventory.packages[0].path.str(), kStatus);
    EXPECT_EQ(notes(inventory), "");
  }
}

TEST(Again, a_database_written_through_a_link_is_lost_with_the_link) {
  const Inventory inventory =
      catalogue({{symlink("var/lib/dpkg", "/opt/state"), file(kStatus, stanza("a", "1"))},
                 {file("var/lib/.wh.dpkg", "")}});
  EXPECT_EQ(packages(inventory), Texts{"a 1 @0"});
  EXPECT_EQ(inventory.completeness.lost.size(), 1U);
}

TEST(Again, a_database_written_through_a_link_has_its_log) {
  const RpmDatabase made = make_rpm_database();
  const Inventory inventory =
      catalogue({{symlink("var/lib/rpm", "/opt/db"), file("var/lib/rpm/rpmdb.sqlite", made.bytes)},
                 {file("var/lib/rpm/rpmdb.sqlite-wal", made.log)}});
  EXPECT_EQ(packages(inventory), (Texts{"kernel 1-1 @0", "kernel 2-1 @1"}));
  EXPECT_EQ(notes(inventory), "");
}

TEST(Again, a_release_file_behind_an_absolute_link_is_read) {
  const Inventory inventory = catalogue({
      {file("opt/release", "ID=debian\nVERSION_ID=12\n"), symlink("etc/os-release", "/opt/release")},
  });
  ASSERT_TRUE(inventory.distro);
  EXPECT_EQ(inventory.distro->id, "debian");
  EXPECT_EQ(inventory.distro->path.str(), "etc/os-release");
}

TEST(Again, a_release_file_behind_a_link_is_read_also_where_another_row_wants_its_real_name) {
  const Inventory inventory = catalogue({
      {file("opt/release", "ID=debian\nVERSION_ID=12\nJAVA_VERSION=\"21\"\n"),
       symlink("etc/os-release", "/opt/release")},
  });
  ASSERT_TRUE(inventory.distro);
  EXPECT_EQ(packages(inventory), Texts{"openjdk 21 @0"});
}

TEST(Again, a_merged_usr_does_not_double_anything) {
  const Inventory inventory = catalogue({{
      symlink("lib", "usr/lib"),
      file("usr/lib/apk/db/installed", "C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:musl\nV:1.2.4-r2\nA:x86_64\n\n"),
      file("usr/lib/os-release", "ID=alpine\nVERSION_ID=3.22.1\n"),
      symlink("etc/os-release", "../usr/lib/os-release"),
  }});
  ASSERT_EQ(packages(inventory), Texts{"musl 1.2.4-r2 @0"});
  EXPECT_EQ(inventory.packages[0].path.str(), "usr/lib/apk/db/installed");
  EXPECT_EQ(inventory.packages[0].purl, "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.22.1");
}

TEST(Again, a_link_that_leads_nowhere_is_no_gap) {
  const Inventory inventory =
      catalogue({{symlink("etc/os-release", "../gone"), symlink("var/lib/dpkg", "dpkg")}});
  EXPECT_FALSE(inventory.distro);
  EXPECT_EQ(notes(inventory), "");
}

}  // namespace
}  // namespace peekr
