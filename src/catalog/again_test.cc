// SPDX-License-Identifier: Apache-2.0
// What is read a second time: databases behind links, and those whose neighbours lie in other layers.
#include "catalog/again.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "../../tests/fixture.h"
#include "base/text.h"
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

// Numbers of an ELF file, so many bytes each.
std::string numbers(std::size_t size, std::initializer_list<std::uint64_t> all) {
  std::string bytes;
  for (std::uint64_t one : all) {
    for (std::size_t i = 0; i < size; ++i, one >>= 8) bytes += static_cast<char>(one & 0xFFu);
  }
  return bytes;
}

// A program of Rust with the list of cargo-auditable: adler 0.2.3. So many bytes stand before it.
std::string rust_program(std::size_t before) {
  // zlib: {"packages":[{"name":"adler","version":"0.2.3","source":"crates.io"}]}
  const std::string list(
      "\170\332\253\126\052\110\114\316\116\114\117\055\126\262\212\256\126\312"
      "\113\314\115\125\262\122\112\114\311\111\055\122\322\121\052\113\055\052"
      "\316\314\317\003\212\030\350\031\351\031\003\105\212\363\113\213\222\101"
      "\112\222\213\022\113\122\213\365\062\363\225\152\143\153\001\052\073\026"
      "\275",
      73);
  const std::string names("\0.dep-v0\0.shstrtab\0", 19);
  const std::uint64_t at = 64 + before, names_at = at + list.size(), sections = names_at + names.size();
  const auto section = [](std::uint64_t name, std::uint64_t type, std::uint64_t offset, std::uint64_t size) {
    return numbers(4, {name, type}) + numbers(8, {0, 0, offset, size}) + numbers(4, {0, 0}) +
           numbers(8, {1, 0});
  };
  return std::string(
             "\x7F"
             "ELF\2\1\1",
             7) +
         std::string(9, '\0') + numbers(2, {3, 62}) + numbers(4, {1}) + numbers(8, {0, 0, sections}) +
         numbers(4, {0}) + numbers(2, {64, 56, 0, 64, 3, 2}) + std::string(before, '\0') + list + names +
         section(0, 0, 0, 0) + section(1, 1, at, list.size()) + section(9, 3, names_at, names.size());
}

TEST(Again, a_program_that_came_in_pieces_is_read_whole_where_a_row_asks_for_it) {
  const auto found = [](std::size_t size) {
    const Inventory all = catalogue({{file("opt/x", rust_program(size))}});
    return join(packages(all), "") + notes(all);
  };
  EXPECT_EQ(found(0), "adler 0.2.3 @0");
  EXPECT_EQ(found(41 << 20), "adler 0.2.3 @0");
  EXPECT_EQ(found(64 << 20),
            "opt/x: .dep-v0: the crates of this program are not known: it is read in pieces\n");
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
