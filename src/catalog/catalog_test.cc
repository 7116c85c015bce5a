// SPDX-License-Identifier: Apache-2.0
// From layers to one inventory.
#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include "catalog/test_catalog.h"
#include "lib/digest.h"

namespace peekr {
namespace {

using namespace testing_catalog;

TEST(Catalog, only_the_visible_copy_counts) {
  EXPECT_EQ(packages(catalogue({{file(kStatus, stanza("a", "1"))}, {file(kStatus, stanza("b", "1"))}})),
            Texts{"b 1 @1"});
  const Made list = file("var/lib/dpkg/info/a.list", "/usr/bin/a\n");
  EXPECT_EQ(
      packages(catalogue({{file(kStatus, stanza("a", "1")), list}, {file("var/lib/dpkg/.wh.status", "")}})),
      Texts{});
}

TEST(Catalog, a_package_came_with_the_lowest_layer_of_its_unbroken_run) {
  const Inventory inventory = catalogue({
      {file(kStatus, stanza("a", "1") + stanza("b", "1") + stanza("c", "1"))},
      {file(kStatus, stanza("a", "1") + stanza("b", "2"))},
      {file("unrelated", "")},
      {file(kStatus, stanza("a", "1") + stanza("b", "2") + stanza("c", "1") + stanza("d", "1"))},
  });
  EXPECT_EQ(packages(inventory), (Texts{"a 1 @0", "b 2 @1", "c 1 @3", "d 1 @3"}));
}

TEST(Catalog, a_database_that_moved_is_the_same_one) {
  const std::string two = stanza("a", "1") + stanza("b", "1"), three = two + stanza("c", "1");
  EXPECT_EQ(
      packages(catalogue({{file(kStatus, two)}, {symlink("var/lib/dpkg", "/db"), file("db/status", three)}})),
      (Texts{"a 1 @0", "b 1 @0", "c 1 @1"}));
  EXPECT_EQ(packages(catalogue({{file("usr/lib/dpkg/status", stanza("a", "1"))},
                                {file("usr/lib/dpkg/status", two)},
                                {file("usr/.wh.lib", ""), file(kStatus, three)}})),
            (Texts{"a 1 @0", "b 1 @1", "c 1 @2"}));
  EXPECT_EQ(packages(catalogue({{file("old/var/lib/dpkg/status", two)}, {file(kStatus, two)}})),
            (Texts{"a 1 @0", "a 1 @1", "b 1 @0", "b 1 @1"}))
      << "both are there";
}

TEST(Catalog, architectures_have_runs_of_their_own) {
  const Inventory inventory = catalogue(
      {{file(kStatus, stanza("a", "1"))}, {file(kStatus, stanza("a", "1") + stanza("a", "1", "i386"))}});
  EXPECT_EQ(packages(inventory), (Texts{"a 1 @0", "a 1 @1"}));
}

TEST(Catalog, claims_are_joined_to_the_packages_they_speak_of) {
  const Inventory inventory = catalogue({{
      file(kStatus, stanza("a", "1") + stanza("a", "1", "i386") + stanza("b", "1")),
      file("var/lib/dpkg/info/a:amd64.list", "/usr/lib/x86/a\n/usr/share/a\n"),
      file("var/lib/dpkg/info/a:amd64.md5sums", "0123456789abcdef0123456789abcdef  usr/lib/x86/a\n"),
      file("var/lib/dpkg/info/b.list", "/usr/bin/b\n"),
      file("usr/share/doc/a/copyright", "License: MIT\n"),
  }});
  ASSERT_EQ(inventory.packages.size(), 3u);
  EXPECT_EQ(inventory.packages[0].arch, "amd64");
  EXPECT_EQ(inventory.packages[0].files, (Texts{"usr/lib/x86/a", "usr/share/a"}));
  EXPECT_EQ(inventory.packages[1].files, Texts{});
  EXPECT_EQ(inventory.packages[2].files, Texts{"usr/bin/b"});
  EXPECT_EQ(inventory.packages[0].licenses, Texts{"MIT"});
  EXPECT_EQ(inventory.packages[1].licenses, Texts{"MIT"});
  EXPECT_TRUE(inventory.claims.empty());
}

TEST(Catalog, checksums_tell_the_files_of_a_package_whose_list_is_gone) {
  const std::string sum = "0123456789abcdef0123456789abcdef  ";
  const Inventory inventory = catalogue({{
      file(kStatus, stanza("a", "1") + stanza("b", "1")),
      file("var/lib/dpkg/info/a.md5sums", sum + "usr/bin/a\n"),
      file("var/lib/dpkg/info/b.list", "/usr/bin/b\n"),
      file("var/lib/dpkg/info/b.md5sums", sum + "usr/bin/only-in-the-checksums\n"),
  }});
  ASSERT_EQ(inventory.packages.size(), 2u);
  EXPECT_EQ(inventory.packages[0].files, Texts{"usr/bin/a"});
  EXPECT_EQ(inventory.packages[1].files, Texts{"usr/bin/b"});
}

TEST(Catalog, a_claim_is_for_the_nearest_database) {
  const Inventory inventory = catalogue({{
      file(kStatus, stanza("a", "1")),
      file("var/lib/dpkg/info/a.list", "/usr/bin/outer\n"),
      file("srv/root/var/lib/dpkg/status", stanza("a", "2")),
      file("srv/root/var/lib/dpkg/info/a.list", "/usr/bin/inner\n"),
      file("usr/share/doc/a/copyright", "License: MIT\n"),
      file("srv/root/usr/share/doc/a/copyright", "License: ISC\n"),
  }});
  ASSERT_EQ(packages(inventory), (Texts{"a 1 @0", "a 2 @0"}));
  EXPECT_EQ(inventory.packages[0].files, Texts{"usr/bin/outer"});
  EXPECT_EQ(inventory.packages[1].files, Texts{"usr/bin/inner"});
  EXPECT_EQ(inventory.packages[0].licenses, Texts{"MIT"});
  EXPECT_EQ(inventory.packages[1].licenses, Texts{"ISC"});
}

// An ELF file whose package note says that it is of glibc 2.36.
std::string with_note() {
  const std::string json = R"({"type":"deb","name":"glibc","version":"2.36"})";
  const auto word = [](std::size_t value) { return std::string({static_cast<char>(value), 0, 0, 0}); };
  const std::string note =
      word(4) + word(json.size()) + "\x7E\x1A\xFE\xCA" + std::string("FDO\0", 4) + json + "\0\0";
  std::string elf =
      "\x7F"
      "ELF" +
      std::string("\2\1\1", 3) + std::string(57, '\0');
  elf[32] = 64;  // where the one segment is described
  elf[54] = 56;
  elf[56] = 1;
  std::string segment = word(4) + word(0) + word(120) + std::string(20, '\0') + word(note.size());
  segment.resize(56);
  return elf + segment + note;
}

TEST(Catalog, what_is_seen_in_a_file_of_a_system_package_is_that_packages) {
  EXPECT_EQ(packages(catalogue({{file("opt/x", with_note())}})), Texts{"glibc 2.36 @0"});
  const Inventory inventory = catalogue({{
      file(kStatus, stanza("libc6", "2.36-9") + stanza("zlib1g", "1")),
      file("var/lib/dpkg/info/libc6.list", "/usr/bin/x\n"),
      file("usr/bin/x", with_note()),
      file("usr/share/doc/libc6/copyright", "License: LGPL\n"),
      file("app/node_modules/a/package.json", R"({"name":"a","version":"1"})"),
      file("var/lib/dpkg/info/zlib1g.list", "/app/node_modules/a/package.json\n"),
  }});
  ASSERT_EQ(packages(inventory), (Texts{"libc6 2.36-9 @0", "zlib1g 1 @0", "a 1 @0"}));
  EXPECT_EQ(inventory.packages[0].licenses, Texts{"LGPL"});
  ASSERT_TRUE(inventory.packages[2].owner);
  EXPECT_EQ(*inventory.packages[2].owner, 1u);
}

// The MD5 and, in base64, the SHA-1 of {"name":"a","version":"1"}.
constexpr std::string_view kA = R"({"name":"a","version":"1"})";
constexpr std::string_view kMd5OfPlain = "4abe174b43a94911b3015312140ff2e0";  // the header of with_note()
constexpr std::string_view kMd5OfA = "d524f5a031ff58968ffa62a8bc3033e2",
                           kSha1OfA = "bhGjY0uZU/6CGyZQ0TSqXjQPPA4=";

Layers with_checksum(std::string_view md5, std::string_view body) {
  return {{
      file(kStatus, stanza("node-a", "1-1")),
      file("var/lib/dpkg/info/node-a.list", "/usr/share/nodejs/node_modules/a/package.json\n"),
      file("var/lib/dpkg/info/node-a.md5sums",
           std::string(md5) + "  usr/share/nodejs/node_modules/a/package.json\n"),
      file("usr/share/nodejs/node_modules/a/package.json", std::string(body)),
  }};
}

TEST(Catalog, a_file_with_other_bytes_than_the_database_says_is_not_the_system_packages) {
  const Inventory same = catalogue(with_checksum(kMd5OfA, kA));
  ASSERT_EQ(packages(same), (Texts{"node-a 1-1 @0", "a 1 @0"}));
  EXPECT_EQ(same.packages[1].owner, 0u);
  EXPECT_FALSE(same.packages[1].altered);
  const Inventory other = catalogue(with_checksum(kMd5OfA, R"({"name":"a","version":"2"})"));
  ASSERT_EQ(packages(other), (Texts{"node-a 1-1 @0", "a 2 @0"}));
  EXPECT_FALSE(other.packages[1].owner);
  EXPECT_EQ(other.packages[1].altered, 0u);
}

TEST(Catalog, apk_checksums_tell_an_altered_file_from_its_own) {
  const auto with = [](std::string_view sum) {
    const std::string record =
        "P:a\nV:1-r0\nA:x86_64\nF:usr/lib/node_modules/a\nR:package.json\nZ:Q1" + std::string(sum) + "\n\n";
    return catalogue({{file("lib/apk/db/installed", record),
                       file("usr/lib/node_modules/a/package.json", std::string(kA))}});
  };
  EXPECT_TRUE(with(kSha1OfA).packages[1].owner);
  EXPECT_TRUE(with("AAAAAAAAAAAAAAAAAAAAAAAAAAA=").packages[1].altered);
}

TEST(Catalog, an_executable_that_somebody_replaced_speaks_for_itself) {
  const auto with = [](std::string_view md5) {
    return catalogue({{
        file(kStatus, stanza("libc6", "2.36-9")),
        file("var/lib/dpkg/info/libc6.list", "/usr/bin/x\n"),
        file("var/lib/dpkg/info/libc6.md5sums", std::string(md5) + "  usr/bin/x\n"),
        file("usr/bin/x", with_note()),
    }});
  };
  EXPECT_EQ(packages(with("00000000000000000000000000000000")), (Texts{"glibc 2.36 @0", "libc6 2.36-9 @0"}));
}

// Who lists what nobody has: of each executable that is not accounted for.
Texts unidentified(const Layers& layers, Verify verify) {
  Texts all;
  const Inventory found = catalogue(layers, Selection{}, {.verify = verify});
  for (const Unidentified& one : found.completeness.unidentified)
    all.push_back(one.path.str() + ": " + one.listed_by);
  return all;
}

TEST(Catalog, an_executable_is_its_packages_only_with_the_checksum_that_the_database_has) {
  const std::string program = "\x7f" + std::string("ELF") + std::string(100, '\0');
  const auto with = [&](const std::string& path) {
    return std::vector<Made>{
        file(kStatus, stanza("a", "1")), file("var/lib/dpkg/info/a.list", "/" + path + "\n"),
        file("var/lib/dpkg/info/a.md5sums", std::string(32, '0') + "  " + path + "\n"), file(path, program)};
  };
  const Texts opt = {"opt/x: deb package a 1"}, bin = {"usr/bin/x: deb package a 1"};
  // Nothing tells that it was altered, until a layer brings another one: outside of bin and lib SHA-256 alone is worked out at first.
  EXPECT_EQ(unidentified({with("opt/x")}, Verify::blobs), Texts());
  EXPECT_EQ(unidentified({with("opt/x"), {file("opt/x", program + "x")}}, Verify::blobs), opt);
  EXPECT_EQ(unidentified({with("opt/x")}, Verify::full), opt);
  // A folder of apk's in front makes it another checksum than dpkg's that is worked out.
  std::vector<Made> mixed = with("usr/bin/x");
  mixed.insert(mixed.begin(), {.name = "etc/apk/", .type = '5', .body = ""});
  std::ranges::rotate(mixed, mixed.end() - 1);
  EXPECT_EQ(unidentified({mixed}, Verify::full), bin);
}

TEST(Catalog, files_that_dpkg_has_diverted_are_looked_for_where_they_are) {
  const auto with = [](const std::string& diversions) {
    return catalogue(
        {{file(kStatus, stanza("other", "1") + stanza("tool", "1")),
          file("var/lib/dpkg/info/other.list", "/usr/bin/tool\n"),
          file("var/lib/dpkg/info/tool.list", "/usr/bin/tool\n"), file("var/lib/dpkg/diversions", diversions),
          file("usr/bin/tool.real", "#!/bin/sh\n"), file("usr/bin/sh", "")}});
  };
  const Inventory by_other = with("/usr/bin/tool\n/usr/bin/tool.real\nother\n");
  EXPECT_EQ(by_other.packages[1].files, Texts{"usr/bin/tool.real"});
  EXPECT_EQ(by_other.packages[0].files, Texts{"usr/bin/tool"});
  EXPECT_FALSE(by_other.packages[1].remnant);
  EXPECT_EQ(with("/usr/bin/tool\n/usr/bin/tool.real\n:\n").packages[0].files, Texts{"usr/bin/tool.real"});
  for (const char* damaged : {"/usr/bin/tool\n", "usr/bin/tool\n/usr/bin/tool.real\n:\n", "\n\n\n"})
    EXPECT_NE(notes(with(damaged)).find("lines that are no entry: 1"), std::string::npos) << damaged;
}

TEST(Catalog, a_diversion_without_a_rename_leaves_the_file_where_it_is) {
  const Inventory kept = catalogue(
      {{file(kStatus, stanza("other", "1") + stanza("tool", "1")),
        file("var/lib/dpkg/info/tool.list", "/usr/bin/tool\n"),
        file("var/lib/dpkg/info/other.list", "/usr/bin/other\n"), file("usr/bin/other", "#!/bin/sh\n"),
        file("var/lib/dpkg/diversions", "/usr/bin/tool\n/usr/bin/tool.real\n:\n"),
        file("usr/bin/tool", "#!/bin/sh\n")}});
  EXPECT_EQ(kept.packages[1].files, Texts{"usr/bin/tool"});
  EXPECT_FALSE(kept.packages[1].remnant);
}

TEST(Catalog, of_dpkg_the_newest_update_counts_before_the_status) {
  const std::string
      there = stanza("openssl", "3"),
      gone = "Package: tar\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n\n";
  const std::string updates = "var/lib/dpkg/updates/";
  const std::vector<Made> base = {file(kStatus, stanza("openssl", "1") + stanza("tar", "1")),
                                  file("var/lib/dpkg/info/curl.list", "/usr/bin/curl\n"),
                                  file("usr/bin/curl", "#!/bin/sh\n")};
  const Inventory all = catalogue(
      {base,
       {file(updates + "0000", stanza("curl", "1") + gone), file(updates + "0001", stanza("openssl", "2")),
        file(updates + "0002", there), file(updates + "tmp.i", stanza("half", "1"))}});
  EXPECT_EQ(packages(all), (Texts{"curl 1 @1", "openssl 3 @1"}));
  EXPECT_EQ(all.packages[0].files, Texts{"usr/bin/curl"});
  EXPECT_EQ(notes(all), "");
}

TEST(Catalog, a_diverted_file_has_its_checksum_and_is_of_its_own_root_file_system) {
  const std::string diversions = "/usr/bin/x\n/usr/bin/x.real\n:\n";
  const auto with = [&](const std::string& root, const std::string& md5) {
    return catalogue(
        {{file(kStatus, stanza("a", "1")), file("var/lib/dpkg/info/a.list", "/usr/bin/x\n"),
          file("var/lib/dpkg/info/a.md5sums", md5 + "  usr/bin/x\n"),
          file(root + "var/lib/dpkg/diversions", diversions), file("usr/bin/x.real", with_note())}});
  };
  const std::string other(32, '0');
  EXPECT_EQ(with("", hex_digest("md5", with_note())).packages.size(), 1u)
      << "it is the package's: what is in it says nothing";
  EXPECT_EQ(with("", other).packages.size(), 2u) << "it was altered";
  EXPECT_EQ(with("opt/c/", other).packages.at(0).files, Texts{"usr/bin/x"});
}

TEST(Catalog, a_package_without_files_is_no_remnant_where_something_could_not_be_read) {
  const Layers layers = {{file(kStatus, stanza("a", "1") + stanza("b", "1")),
                          file("var/lib/dpkg/info/a.list", "/usr/bin/a\n"),
                          file("var/lib/dpkg/info/b.list", "/usr/bin/" + std::string(60, 'b') + "\n"),
                          file("usr/bin/a", ""), file("usr/bin/" + std::string(60, 'b'), "")}};
  std::vector<Made> without = layers[0];
  without.pop_back();
  EXPECT_TRUE(catalogue({without}).packages[1].remnant);
  EXPECT_FALSE(catalogue(layers, Selection{}, {.limits = {.path_bytes = 50}}).packages[1].remnant);
}

std::string lost(const Inventory& inventory) {
  std::string out;
  for (const LostDatabase& one : inventory.completeness.lost) {
    out += (one.how == LostDatabase::How::deleted ? "deleted " : "emptied ") + one.path.str() + " @" +
           std::to_string(one.layer) + " " + std::to_string(one.packages) + "\n";
  }
  return out;
}

TEST(Catalog, a_database_that_a_higher_layer_deleted_or_emptied_is_read_below_it) {
  const std::vector<Made> base = {
      file("etc/os-release", "ID=debian\nVERSION_ID=12\n"), file(kStatus, stanza("a", "1")),
      file("var/lib/dpkg/info/a.list", "/usr/bin/a\n"), file("usr/bin/a", "#!/bin/sh\n")};
  const Inventory deleted = catalogue({base, {file("var/lib/.wh.dpkg", ""), file("etc/.wh.os-release", "")}});
  EXPECT_EQ(packages(deleted), Texts{"a 1 @0"});
  EXPECT_EQ(lost(deleted), "deleted var/lib/dpkg/status @0 1\n");
  EXPECT_EQ(deleted.packages[0].files, Texts{"usr/bin/a"});
  EXPECT_FALSE(deleted.packages[0].remnant);
  ASSERT_TRUE(deleted.distro);
  EXPECT_EQ(deleted.distro->id, "debian");
  const Inventory emptied = catalogue({base, {file(kStatus, "")}});
  EXPECT_EQ(packages(emptied), Texts{"a 1 @0"});
  EXPECT_EQ(lost(emptied), "emptied var/lib/dpkg/status @0 1\n");
  EXPECT_EQ(lost(catalogue({base, {file(kStatus, stanza("b", "1"))}})), "");
  const Inventory all_gone = catalogue({base, {file("var/lib/.wh.dpkg", ""), file("usr/.wh.bin", "")}});
  EXPECT_EQ(packages(all_gone), Texts{});
  EXPECT_EQ(lost(all_gone), "");
  // A root file system inside the image has one of its own.
  const Inventory nested =
      catalogue({base, {file("var/lib/.wh.dpkg", ""), file("opt/c/" + kStatus, stanza("c", "1"))}});
  EXPECT_EQ(packages(nested), (Texts{"a 1 @0", "c 1 @1"}));
  EXPECT_EQ(lost(nested), "deleted var/lib/dpkg/status @0 1\n");
  for (const std::string root : {"usr/share/c/", "var/lib/machines/c/"}) {
    EXPECT_EQ(
        packages(catalogue({base, {file("var/lib/.wh.dpkg", ""), file(root + kStatus, stanza("c", "1"))}})),
        (Texts{"a 1 @0", "c 1 @1"}))
        << root;
  }
  // Deleted with all that it is about: files of that name elsewhere are others.
  const std::vector<Made> chroot = {file("srv/c/" + kStatus, stanza("a", "0")),
                                    file("srv/c/var/lib/dpkg/info/a.list", "/usr/bin/a\n"),
                                    file("srv/c/usr/bin/a", "#!/bin/sh\n")};
  const Inventory gone = catalogue({base, chroot, {file("srv/.wh.c", "")}});
  EXPECT_EQ(packages(gone), Texts{"a 1 @0"});
  EXPECT_EQ(lost(gone), "");
  // What dpkg keeps for single packages does not take the place of all.
  const Inventory single = catalogue(
      {base, {file("var/lib/dpkg/.wh.status", ""), file("var/lib/dpkg/status.d/x", stanza("x", "1"))}});
  EXPECT_EQ(packages(single), (Texts{"a 1 @0", "x 1 @1"}));
  EXPECT_EQ(lost(single), "deleted var/lib/dpkg/status @0 1\n");
}

TEST(Catalog, a_file_of_status_d_is_replaced_by_none_but_itself) {
  const std::string folder = "var/lib/dpkg/status.d/";
  const std::vector<Made> base = {file(folder + "a", stanza("a", "1")), file(folder + "b", stanza("b", "1"))};
  for (const Made& over : {file(folder + "a", ""), file(folder + ".wh.a", "")}) {
    const Inventory all = catalogue({base, {over}});
    EXPECT_EQ(packages(all), (Texts{"a 1 @0", "b 1 @0"}));
    EXPECT_EQ(all.completeness.lost.size(), 1U);
  }
  EXPECT_EQ(packages(catalogue({base, {file(folder + "a", stanza("a", "2"))}})), (Texts{"a 2 @1", "b 1 @0"}));
  EXPECT_EQ(
      packages(catalogue({base, {file("var/lib/dpkg/.wh.status.d", ""), file(kStatus, stanza("b", "1"))}})),
      Texts{"b 1 @1"});
}

TEST(Catalog, a_deleted_database_whose_packages_list_no_files_stays_while_its_root_is_there) {
  const Made other = file("app/x", "");
  for (const Made& database :
       {file(kStatus, stanza("a", "1")), file("var/lib/dpkg/status.d/a", stanza("a", "1"))}) {
    EXPECT_EQ(packages(catalogue({{database, other}, {file("var/lib/.wh.dpkg", "")}})), Texts{"a 1 @0"})
        << database.name;
  }
  EXPECT_EQ(
      packages(catalogue({{file("opt/c/" + kStatus, stanza("a", "1")), other}, {file("opt/.wh.c", "")}})),
      Texts{});
  const std::string manifest = "var/lib/rpmmanifest/container-manifest-2";
  const std::string rpm =
      "openssl\t3.0-1.azl3\t1\t1\tMicrosoft Corporation\t(none)\t1\tx86_64\t0\topenssl-3.0-1.azl3.src.rpm\n";
  EXPECT_EQ(packages(catalogue({{file(manifest, rpm), other}, {file("var/lib/.wh.rpmmanifest", "")}})),
            Texts{"openssl 3.0-1.azl3 @0"});
}

TEST(Catalog, an_operating_system_none_of_whose_packages_is_found_is_a_gap) {
  const Made system = file("etc/os-release", "ID=debian\nVERSION_ID=12\n");
  const Made ms = file("app/node_modules/ms/package.json", R"({"name": "ms", "version": "2.0.0"})");
  const std::string gap = "debian 12: no package of the operating system was found";
  for (const std::vector<Made>& layer : {std::vector<Made>{system, ms},
                                         {system, ms, file(kStatus, "")},
                                         {system, ms, symlink(kStatus, "/nowhere")}})
    EXPECT_NE(notes(catalogue({layer})).find(gap), std::string::npos);
  EXPECT_EQ(notes(catalogue({{system, ms, file(kStatus, stanza("a", "1"))}})).find(gap), std::string::npos);
  EXPECT_EQ(notes(catalogue({{ms}})), "");
}

TEST(Catalog, a_package_without_its_files_is_a_remnant) {
  const std::vector<Made> base = {
      file(kStatus, stanza("a", "1") + stanza("b", "1") + stanza("c", "1")),
      file("var/lib/dpkg/info/a.list", "/usr/bin/a\n/usr/share/doc/a/copyright\n"),
      file("var/lib/dpkg/info/b.list", "/usr/bin/b\n"),
      file("var/lib/dpkg/info/c.list", "/usr/share/doc/c/copyright\n"),
      file("usr/bin/a", "x"),
      file("usr/bin/b", "x"),
      file("usr/share/doc/a/copyright", "x")};
  const Inventory inventory = catalogue({base, {file("usr/bin/.wh.a", "")}});
  ASSERT_EQ(inventory.packages.size(), 3u);
  EXPECT_TRUE(inventory.packages[0].remnant);
  EXPECT_FALSE(inventory.packages[1].remnant);
  EXPECT_FALSE(inventory.packages[2].remnant);  // it has nothing but documentation
}

TEST(Catalog, the_files_of_a_root_file_system_inside_the_image_are_looked_for_there) {
  const Inventory inventory = catalogue({{
      file("srv/root/var/lib/dpkg/status", stanza("a", "1")),
      file("srv/root/var/lib/dpkg/info/a.list", "/usr/bin/x\n"),
      file("srv/root/usr/bin/x", with_note()),
      file("usr/bin/x", with_note()),
  }});
  EXPECT_EQ(packages(inventory), (Texts{"a 1 @0", "glibc 2.36 @0"}));
  EXPECT_EQ(inventory.packages[1].path.str(), "usr/bin/x");
  EXPECT_FALSE(inventory.packages[0].remnant);
  EXPECT_EQ(inventory.completeness.executables, 2u);
  EXPECT_EQ(inventory.completeness.owned, 1u);
  EXPECT_EQ(inventory.completeness.identified, 1u);
}

TEST(Catalog, every_executable_is_owned_identified_or_listed) {
  const std::string plain = with_note().substr(0, 64);
  const Inventory inventory = catalogue({{
      file(kStatus, stanza("a", "1")),
      file("var/lib/dpkg/info/a.list", "/usr/bin/a\n"),
      file("usr/bin/a", plain),
      file("usr/bin/noted", with_note()),
      file("app/node_modules/b/package.json", R"({"name":"b","version":"1"})"),
      file("app/node_modules/b/build/b.node", plain),
      file("opt/tool", plain),
      file("opt/MZ.txt", "MZ is how DOS programs begin"),
  }});
  const Completeness& all = inventory.completeness;
  EXPECT_EQ(all.executables, 4u);
  EXPECT_EQ(all.owned, 1u);
  EXPECT_EQ(all.identified, 2u);
  ASSERT_EQ(all.unidentified.size(), 1u);
  EXPECT_EQ(all.unidentified[0].path.str(), "opt/tool");
  EXPECT_EQ(all.unidentified[0].size, 64u);
  EXPECT_EQ(all.unidentified[0].sha256.size(), 64u);
}

TEST(Catalog, an_executable_beside_the_packages_of_a_language_that_none_of_them_brought_has_its_digest) {
  const std::string plain = with_note().substr(0, 64);
  const Inventory inventory = catalogue({{
      file("app/node_modules/b/package.json", R"({"name":"b","version":"1"})"),
      file("app/node_modules/b/build/b.node", plain),
      file("app/node_modules/stray/x.node", plain),
  }});
  EXPECT_EQ(inventory.completeness.identified, 1u);
  ASSERT_EQ(inventory.completeness.unidentified.size(), 1u);
  EXPECT_EQ(inventory.completeness.unidentified[0].path.str(), "app/node_modules/stray/x.node");
  EXPECT_EQ(inventory.completeness.unidentified[0].sha256, hex_digest("sha256", plain));
}

TEST(Catalog, an_executable_over_a_copy_in_a_lower_layer_is_compared_with_the_database) {
  const std::string plain = with_note().substr(0, 64), other = plain + "other";
  const std::vector<Made> base = {
      file(kStatus, stanza("a", "1")), file("usr/bin/a", plain),
      file("var/lib/dpkg/info/a.list", "/usr/bin/a\n"),
      file("var/lib/dpkg/info/a.md5sums", std::string(kMd5OfPlain) + "  usr/bin/a\n")};
  EXPECT_EQ(catalogue({base, {file("usr/bin/a", plain)}}).completeness.owned, 1u);
  const Completeness replaced = catalogue({base, {file("usr/bin/a", other)}}).completeness;
  EXPECT_EQ(replaced.owned, 0u);
  ASSERT_EQ(replaced.unidentified.size(), 1u);
  EXPECT_EQ(replaced.unidentified[0].listed_by, "deb package a 1");
  EXPECT_EQ(replaced.unidentified[0].sha256.size(), 64u);
}

TEST(Catalog, a_distroless_package_has_its_files) {
  const Inventory inventory = catalogue({{
      file("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12\nArchitecture: amd64\n"),
      file("var/lib/dpkg/status.d/base-files.md5sums",
           "0123456789abcdef0123456789abcdef  usr/lib/os-release\n"),
  }});
  ASSERT_EQ(packages(inventory), Texts{"base-files 12 @0"});
  EXPECT_EQ(inventory.packages[0].files, Texts{"usr/lib/os-release"});
}

TEST(Catalog, a_linked_documentation_folder_has_the_licence_too) {
  const Inventory inventory = catalogue({{
      file(kStatus, stanza("gcc-12-base", "12") + stanza("libgcc-s1", "12")),
      file("usr/share/doc/gcc-12-base/copyright", "License: MIT\n"),
      symlink("usr/share/doc/libgcc-s1", "gcc-12-base"),
  }});
  ASSERT_EQ(inventory.packages.size(), 2u);
  EXPECT_EQ(inventory.packages[1].licenses, Texts{"MIT"});
}

TEST(Catalog, notes_are_those_of_visible_files) {
  const Inventory inventory = catalogue({
      {file("etc/os-release", "\x01\x02"), file(kStatus, "damaged"), file("usr/lib/os-release", "\x01\x02")},
      {file(kStatus, stanza("a", "1")), file("etc/.wh.os-release", "")},
  });
  EXPECT_EQ(notes(inventory), "usr/lib/os-release: release file: names no operating system\n");
}

TEST(Catalog, layers_make_no_difference_to_what_there_is) {
  const std::vector<Made> all = {
      file("etc/os-release", "ID=debian\nVERSION_ID=12\n"),
      file(kStatus, stanza("b", "1") + stanza("a", "1")),
      file("var/lib/dpkg/info/a.list", "/usr/bin/a\n"),
      file("usr/share/doc/a/copyright", "License: MIT\n"),
      symlink("usr/share/doc/b", "a"),
  };
  Layers split;
  for (const Made& one : all) split.push_back({one});
  const Inventory one = catalogue({all});
  const Inventory many = catalogue(split);
  ASSERT_EQ(one.packages.size(), many.packages.size());
  for (std::size_t i = 0; i < one.packages.size(); ++i) {
    EXPECT_EQ(one.packages[i].purl, many.packages[i].purl);
    EXPECT_EQ(one.packages[i].files, many.packages[i].files);
    EXPECT_EQ(one.packages[i].licenses, many.packages[i].licenses);
  }
  EXPECT_EQ(one.distro->version_id, many.distro->version_id);
}

TEST(LockFiles, count_in_an_image_where_nothing_of_their_kind_is_installed) {
  const Made lock = file("app/Gemfile.lock", "GEM\n  specs:\n    rack (2.2.3)\n    rake\n");
  const Made gem = file("usr/lib/ruby/gems/3.1.0/specifications/json-2.6.1.gemspec",
                        "s.name = 'json'\ns.version = '2.6.1'\n");
  const Inventory alone = catalogue({{lock}});
  EXPECT_EQ(packages(alone), Texts{"rack 2.2.3 @0"});
  EXPECT_TRUE(alone.packages[0].declared);
  EXPECT_EQ(notes(alone), "app/Gemfile.lock: rake: no version\n");
  const Inventory beside = catalogue({{lock}, {gem}});
  EXPECT_EQ(packages(beside), Texts{"json 2.6.1 @1"});
  EXPECT_EQ(notes(beside), "");  // of what does not count
  EXPECT_EQ(packages(catalogue({{lock, gem}}, Declared::all)), (Texts{"json 2.6.1 @0", "rack 2.2.3 @0"}));
}

TEST(LockFiles, that_cannot_be_read_are_told_of) {
  EXPECT_TRUE(notes(catalogue({{file("app/package-lock.json", "{")}}))
                  .starts_with("app/package-lock.json: not JSON"));
  EXPECT_EQ(notes(catalogue({{file("app/requirements.txt", "requests>=2\n")}})), "") << "a wish is no gap";
}

TEST(Limits, packages_are_counted_over_all_files_and_layers) {
  std::string status;
  for (const std::string name : {"a", "b", "c"}) status += stanza(name, "1");
  const std::vector<std::string> layers = {
      testing_layers::tar({file(kStatus, status)}),
      testing_layers::tar({file("lib/apk/db/installed", "P:x\nV:1\n\n")})};
  const Image image = testing_layers::image_of(layers);
  const auto read = [&](std::uint64_t most) {
    return read_layers(image, reader(), {.limits = {.packages = most}, .threads = 1}, {});
  };
  EXPECT_TRUE(read(4));
  const Result<Tree> three = read(3);
  ASSERT_FALSE(three);
  EXPECT_EQ(
      three.error().message,
      "layer 1: lib/apk/db/installed: more than 3 packages in the files of all layers (limit packages)");
  const Result<Tree> two = read(2);
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().message,
            "layer 0: var/lib/dpkg/status: more than 2 packages in the files of all layers (limit packages)");
}

TEST(LockFiles, of_npm_count_beside_packages_in_other_folders) {
  const std::string ms = R"({"name": "ms", "version": "2.0.0"})";
  const Made lock =
      file("app/package-lock.json", R"({"packages": {"node_modules/ms": {"version": "2.0.0"}}})");
  const Made own = file("usr/lib/node_modules/npm/package.json", R"({"name": "npm", "version": "9.0.0"})");
  EXPECT_EQ(packages(catalogue({{lock, own}})), (Texts{"ms 2.0.0 @0", "npm 9.0.0 @0"}));
  const Inventory installed = catalogue({{lock, file("app/node_modules/ms/package.json", ms)}});
  ASSERT_EQ(packages(installed), Texts{"ms 2.0.0 @0"});
  EXPECT_FALSE(installed.packages[0].declared);
}

TEST(LockFiles, say_whose_a_project_is_and_what_somebody_has_put_there_since) {
  const auto module = [](const std::string& path, const std::string& version) {
    return file(
        "app/node_modules/" + path + "/package.json",
        R"({"name": ")" + path.substr(path.rfind('/') + 1) + R"(", "version": ")" + version + R"("})");
  };
  const auto said = [&](std::vector<Made> files) {
    files.push_back(
        file("app/package.json", R"({"dependencies": {"ms": "1"}, "devDependencies": {"tap": "1"}})"));
    files.insert(files.end(),
                 {module("ms", "2.0.0"), module("tap", "1.0.0"), module("ms/node_modules/a", "1.0.0")});
    std::string all;
    for (const Package& one : catalogue({files}).packages) all += one.name + ": " + one.repository + "\n";
    return all;
  };
  const auto npm = [](const std::string& version) {
    return file("app/package-lock.json",
                R"({"packages": {"node_modules/ms": {"version": ")" + version + R"("},
                "node_modules/tap": {"version": "9"}, "node_modules/ms/node_modules/a": {"version": "9"}}})");
  };
  const Made yarn =
      file("app/yarn.lock",
           "# yarn lockfile v1\n\nms@^2.0.0:\n  version \"2.0.0\"\n\ntap@1:\n  version \"0.9.0\"\n");
  EXPECT_EQ(said({}), "a: \nms: \ntap: \n");
  EXPECT_EQ(said({npm("2.0.0")}), "a: npm\nms: npm\ntap: npm\n");
  EXPECT_EQ(said({npm("1.9.0"), yarn}), "a: npm\nms: npm 1.9.0\ntap: npm\n");
  EXPECT_EQ(said({yarn}), "a: \nms: yarn\ntap: yarn 0.9.0\n");
  EXPECT_EQ(said({file("app/yarn.lock", "__metadata:\n  version: 6\n\n\"ms@npm:2\":\n  version: 2.0.0\n")}),
            "a: \nms: berry\ntap: \n");
  EXPECT_EQ(
      said({file("app/pnpm-lock.yaml", "lockfileVersion: 5.4\npackages:\n  /ms/2.0.0:\n    dev: false\n")}),
      "a: \nms: pnpm\ntap: \n");
  EXPECT_EQ(
      said({file("other/package-lock.json", R"({"packages": {"node_modules/ms": {"version": "2.0.0"}}})")})
          .find("npm"),
      std::string::npos);
}

TEST(PackageTypes, of_the_system_alone_leave_the_rest_unread_and_say_so) {
  const Made database = file(kStatus, "Package: a\nVersion: 1\nStatus: install ok installed\n");
  const Made module = file("app/node_modules/ms/package.json", R"({"name": "ms", "version": "2.0.0"})");
  const Made program = file("usr/bin/x", "\x7f" + std::string("ELF") + std::string(100, '\0'));
  const Layers layers = {{database, module, program}};
  const Inventory system = catalogue(layers, Selection{.types = PackageTypes::system});
  EXPECT_EQ(packages(system), Texts{"a 1 @0"});
  EXPECT_EQ(system.completeness.executables, 0u);
  EXPECT_EQ(notes(system), ": only packages of the operating system were looked for (--pkg-types os)\n");
  const Inventory all = catalogue(layers);
  EXPECT_EQ(packages(all), (Texts{"a 1 @0", "ms 2.0.0 @0"}));
  EXPECT_EQ(all.completeness.executables, 1u);
}

TEST(LockFiles, of_dependencies_never_count) {
  const std::string lock = "# yarn lockfile v1\n\nms@^2.0.0:\n  version \"2.0.0\"\n";
  for (const std::string folder :
       {"app/node_modules/a", "usr/lib/python3/site-packages/b", "go/pkg/mod/c@v1"}) {
    EXPECT_EQ(packages(catalogue({{file(folder + "/yarn.lock", lock)}}, Declared::all)), Texts());
  }
}

// A CycloneDX document with these package URLs; each with the place where it was seen, if any.
Made sbom(std::string path, const std::vector<std::pair<std::string, std::string>>& components) {
  std::string text;
  for (const auto& [purl, seen] : components) {
    text += (text.empty() ? "" : ",") +
            (R"({"type": "library", "purl": ")" + purl + R"(", "properties": [)") +
            (seen.empty() ? "" : R"({"name": "syft:location:0:path", "value": ")" + seen + "\"}") + "]}";
  }
  return file(std::move(path), R"({"bomFormat": "CycloneDX", "components": [)" + text + "]}");
}

TEST(Catalog, what_an_sbom_claims_counts_where_nothing_better_is_known) {
  const Inventory all = catalogue(
      {{file("app/node_modules/left-pad/package.json", R"({"name": "left-pad", "version": "1.0.0"})"),
        sbom("app/bom.json", {{"pkg:npm/left-pad@1.0.0", ""},
                              {"pkg:npm/gone@1", "/app/node_modules/gone/package.json"},
                              {"pkg:cargo/serde@1.0.1", ""}})}});
  EXPECT_EQ(packages(all), (Texts{"serde 1.0.1 @0", "left-pad 1.0.0 @0"}));
  EXPECT_TRUE(all.packages[0].claimed);
  EXPECT_FALSE(all.packages[1].claimed);
  EXPECT_TRUE(all.packages[0].files.empty());
  EXPECT_EQ(notes(all), "app/bom.json: it speaks of 1 package whose files are not here: left out\n");
}

TEST(Catalog, a_package_database_knows_better_than_an_sbom) {
  const Made os_release = file("etc/os-release", "ID=debian\nVERSION_ID=12\n");
  const Made document = sbom(
      "x.cdx.json", {{"pkg:deb/debian/a@1", ""}, {"pkg:deb/debian/b@2", ""}, {"pkg:deb/ubuntu/c@3", ""}});
  const Inventory known = catalogue({{os_release, file(kStatus, stanza("a", "1")), document}});
  EXPECT_EQ(packages(known), (Texts{"a 1 @0"}));
  EXPECT_EQ(notes(known),
            "x.cdx.json: it speaks of 1 package of another distribution than this one: left out\n"
            "x.cdx.json: it speaks of 1 package that the package database does not have: left out\n");
  const Inventory alone = catalogue({{os_release, document}});
  EXPECT_EQ(packages(alone), (Texts{"a 1 @0", "b 2 @0"}));
}

TEST(Catalog, of_vcpkg_the_newest_update_counts_before_the_status) {
  const auto port = [](const std::string& name, const std::string& version, const std::string& state) {
    return "Package: " + name + "\nVersion: " + version + "\nArchitecture: x64-linux\nStatus: " + state +
           "\n\n";
  };
  const std::string there = "install ok installed", gone = "purge ok not-installed";
  const Made status = file("app/vcpkg/status", port("fmt", "9.1.0", there) + port("xz", "5.4", there) +
                                                   port("zlib", "1.3.0", there));
  const Made first =
      file("app/vcpkg/updates/0000000009", port("zlib", "1.3.0", gone) + port("fmt", "10", there));
  const Made second =
      file("app/vcpkg/updates/0000000010", port("fmt", "10", gone) + port("zlib", "1.3.1", there));
  const Made other = file("b/vcpkg/status", port("fmt", "9.1.0", there));
  EXPECT_EQ(packages(catalogue({{status, first, other}, {second}})),
            (Texts{"fmt 9.1.0 @0", "xz 5.4 @0", "zlib 1.3.1 @1"}));
  EXPECT_EQ(
      packages(catalogue({{file("app/vcpkg/status", port("fmt", "10", gone) + port("xz", "5.4", there))}})),
      Texts{"xz 5.4 @0"});
}

TEST(Catalog, a_version_that_is_a_lower_bound_is_a_gap_where_no_package_has_the_file) {
  using std::string_view_literals::operator""sv;
  const std::string program(
      "\x7F"
      "ELF\0without GLIBC_ABI_DT_RELR\0reloc type in static binary\0"sv);
  const Made own = file("sbin/ldconfig", program), other = file("app/tool", program);
  const Made list = file("var/lib/dpkg/info/libc-bin.list", "/sbin\n/sbin/ldconfig\n");
  const Inventory all = catalogue({{file(kStatus, stanza("libc-bin", "2.36")), list, own, other}});
  EXPECT_EQ(packages(all), (Texts{"libc-bin 2.36 @0", "glibc 2.36 @0"}));
  EXPECT_EQ(notes(all), "app/tool: glibc: at least 2.36: the exact release is not in the file\n");
}

TEST(Catalog, a_note_stays_whatever_an_image_has_written_into_it) {
  const Made name = file("var/db/pkg/app-shells/bash/PF", "bash: the exact release is not in the file");
  EXPECT_EQ(notes(catalogue({{name}})),
            name.name + ": not a name and a version: bash: the exact release is not in the file\n");
}

TEST(Catalog, a_nix_store_without_its_database_is_read_by_its_folders) {
  const std::string hash(32, '0'), other(32, '1');
  const Inventory all = catalogue(
      {{file("nix/store/" + hash + "-openssl-3.0.13/lib/libssl.so.3", ""),
        file("nix/store/" + other + "-openssl-3.0.13-bin/bin/openssl", ""),
        file("nix/store/" + hash + "-source-1.0.tar.gz", "")},
       {file("nix/store/" + hash + "-bash-5.2-p26/bin/bash", ""),
        file("app/node_modules/left-pad/package.json", R"({"name": "left-pad", "version": "1.0.0"})")}});
  EXPECT_EQ(packages(all), (Texts{"bash 5.2-p26 @1", "openssl 3.0.13 @0", "left-pad 1.0.0 @1"}));
}

}  // namespace
}  // namespace peekr
