// SPDX-License-Identifier: Apache-2.0
// From layers to one inventory.
#include "catalog/catalog.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catalog/test_catalog.h"
#include "lib/digest.h"
#include "lib/zstd.h"

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

TEST(Catalog, a_root_file_system_inside_the_image_has_a_release_of_its_own) {
  const std::string own = "ID=debian\nVERSION_ID=12\n";
  const auto purls = [](const Inventory& inventory) {
    Texts all;
    for (const Package& one : inventory.packages) all.push_back(one.purl.substr(one.purl.rfind("distro=")));
    return all;
  };
  Inventory inventory = catalogue(
      {{file("etc/os-release", own), file(kStatus, stanza("a", "1")),
        file("srv/r/etc/os-release", "ID=debian\nVERSION_ID=13\n"),
        file("srv/r/var/lib/dpkg/status", stanza("b", "1")), file("srv/old/etc/debian_version", "10.4\n"),
        file("srv/old/var/lib/dpkg/status", stanza("c", "1")),
        file("srv/upper/var/lib/dpkg/status", stanza("d", "1"))}});
  EXPECT_EQ(purls(inventory),
            (Texts{"distro=debian-12", "distro=debian-13", "distro=debian-10", "distro=debian-12"}));
  EXPECT_EQ(notes(inventory),
            "srv/upper: a root file system inside the image without a release file: its packages are "
            "judged as of the image's own release\n");
  // The image's own, behind links.
  inventory = catalogue({{file("x/usr/lib/os-release", own), symlink("usr", "x/usr"),
                          symlink("var", "data/var"), symlink("etc/os-release", "../usr/lib/os-release"),
                          file("data/var/lib/dpkg/status", stanza("a", "1"))}});
  ASSERT_TRUE(inventory.distro);
  EXPECT_EQ(inventory.distro->version_id, "12");
  EXPECT_EQ(purls(inventory), Texts{"distro=debian-12"});
  EXPECT_EQ(notes(inventory), "");
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
std::string with_note(const std::string& name = "glibc") {
  const std::string json = R"({"type":"deb","name":")" + name + R"(","version":"2.36"})";
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
constexpr std::string_view kSha256OfA = "42867b1854781498f98172941ab3920fc1166968249e9189e1e31213a4a17e12";
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

TEST(Catalog, what_is_in_an_altered_file_came_with_the_layer_that_altered_it) {
  const std::string path = "usr/share/nodejs/node_modules/a/package.json", altered = std::string(kA) + "\n";
  const std::vector<Made> base = with_checksum(kMd5OfA, kA)[0], above = {file(path, altered)};
  const Made other = file("x", ""), gone = file("usr/share/nodejs/node_modules/a/.wh.package.json", "");
  const auto layers_of = [](const Layers& layers) { return packages(catalogue(layers)); };
  EXPECT_EQ(layers_of({base, {file(path, std::string(kA))}}), (Texts{"node-a 1-1 @0", "a 1 @0"})) << "chmod";
  EXPECT_EQ(layers_of({base, {other}, above}), (Texts{"node-a 1-1 @0", "a 1 @2"}));
  EXPECT_EQ(layers_of({base, above, above}), (Texts{"node-a 1-1 @0", "a 1 @1"}));
  EXPECT_EQ(layers_of({base, above, {gone}, above}), (Texts{"node-a 1-1 @0", "a 1 @3"}));
  EXPECT_EQ(layers_of({with_checksum(kMd5OfA, altered)[0], {other}}), (Texts{"node-a 1-1 @0", "a 1 @0"}));
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

TEST(Catalog, checksums_of_pacman_and_portage_tell_an_altered_file_from_its_own) {
  const Made body = file("usr/share/a b/node_modules/a/package.json", std::string(kA));
  const auto pacman = [&](const std::string& sum) {
    const std::string folder = "var/lib/pacman/local/node-a-1-1/";
    return catalogue({{file(folder + "desc", "%NAME%\nnode-a\n\n%VERSION%\n1-1\n"),
                       file(folder + "files", "%FILES%\nusr/share/a b/node_modules/a/package.json\n"),
                       file(folder + "mtree",
                            "#mtree\n/set type=file uid=0 mode=644\n./usr/share/a\\040b/node_modules/a/"
                            "package.json time=1.0 size=26 " +
                                sum + "\n"),
                       body}});
  };
  const auto portage = [&](std::string_view sum) {
    const std::string folder = "var/db/pkg/net-libs/node-a-1/";
    return catalogue({{file(folder + "PF", "node-a-1\n"),
                       file(folder + "CONTENTS", "obj /usr/share/a b/node_modules/a/package.json " +
                                                     std::string(sum) + " 1700000000\n"),
                       body}});
  };
  const std::string other(32, '0'), sha256(kSha256OfA), md5(kMd5OfA);
  for (const Inventory& same :
       {pacman("sha256digest=" + sha256), pacman("md5digest=" + md5),
        pacman("md5digest=" + other + " sha256digest=" + sha256), pacman("type=file"), portage(md5)})
    EXPECT_TRUE(same.packages.at(1).owner);
  for (const Inventory& altered : {pacman("md5digest=" + md5 + " sha256digest=" + other + other),
                                   pacman("md5digest=" + other), portage(other)})
    EXPECT_TRUE(altered.packages.at(1).altered);
}

TEST(Catalog, archives_are_looked_into_or_told_of_once) {
  const std::string gzip = "\x1f\x8b\x08";
  const std::vector<Made> files = {file(kStatus, stanza("source", "1")),
                                   file("var/lib/dpkg/info/source.list", "/usr/src/source.tar.xz\n"),
                                   file("usr/src/source.tar.xz",
                                        "\xfd"
                                        "7zXZ"),
                                   file("app/node_modules/a/test.tgz", gzip), file("a.tar.gz", "text")};
  const auto with = [&](std::vector<Made> more) {
    more.insert(more.end(), files.begin(), files.end());
    return catalogue({more});
  };
  const std::string gap = "an archive that was not looked into, or not in all of it";
  EXPECT_EQ(notes(with({})), "");
  EXPECT_EQ(notes(with({file("srv/b.tgz", gzip)})), "srv/b.tgz: " + gap + "\n");
  EXPECT_EQ(notes(with({file("srv/b.tgz", gzip), file("opt/a.deb", "!<arch>\ndebian-binary ")})),
            "opt/a.deb: " + gap + ", and 1 more in the image\n");
  const Made module = file("app/node_modules/ms/package.json", R"({"name": "ms", "version": "2.0.0"})");
  const Inventory inside = with({file("srv/b.tar", testing_layers::tar({module}))});
  ASSERT_EQ(packages(inside), (Texts{"source 1 @0", "ms 2.0.0 @0"}));
  EXPECT_TRUE(inside.packages[1].claimed);
  EXPECT_EQ(notes(inside), "");
  EXPECT_EQ(notes(with({file("srv/b.tar", testing_layers::tar({module, file("x/c.tgz", gzip)}))})),
            "srv/b.tar: " + gap + "\n");
  EXPECT_EQ(notes(with({file("srv/b.tar", testing_layers::tar({file("lib/apk/db/installed", "")}))})),
            "srv/b.tar: " + gap + "\n");
  EXPECT_EQ(notes(with({file("srv/b.tar", testing_layers::tar({file("app/package-lock.json", "{")}))})), "");
  std::string oldest = testing_layers::tar({module});
  oldest.replace(257, 8, 8, '\0');
  unsigned sum = 8 * ' ';  // tar(5): of the header's bytes, its own field taken as blanks
  for (std::size_t i = 0; i < 512; ++i)
    sum += i < 148 || i >= 156 ? static_cast<unsigned>(static_cast<unsigned char>(oldest[i])) : 0U;
  std::string octal;
  for (; octal.size() < 6; sum /= 8) octal.insert(octal.begin(), static_cast<char>('0' + sum % 8));
  oldest.replace(148, 8, octal + std::string("\0 ", 2));
  EXPECT_EQ(packages(with({file("srv/b.tar", oldest)})), (Texts{"source 1 @0", "ms 2.0.0 @0"}));
  EXPECT_EQ(notes(with({file("srv/b.tar", ""), file("srv/c.tar", std::string(1024, 'x'))})), "");
  // An OCI layout; a page of a manual; software that somebody has bought.
  EXPECT_EQ(notes(with({file("srv/b.tar", testing_layers::tar({file("blobs/sha256/ab12", gzip)}))})),
            "srv/b.tar: " + gap + "\n");
  EXPECT_EQ(notes(with({file("srv/b.tar", testing_layers::tar({file("man/man1/ls.1.gz", gzip)}))})), "");
  EXPECT_EQ(packages(with({file("opt/vendor/b.tar", testing_layers::tar({module}))})),
            (Texts{"source 1 @0", "ms 2.0.0 @0"}));
  EXPECT_EQ(packages(with({module, file("srv/b.tar", testing_layers::tar({module}))})),
            (Texts{"source 1 @0", "ms 2.0.0 @0"}))
      << "what is installed counts";
}

TEST(Catalog, what_a_tar_unpacks_to_counts_for_its_layer_its_last_member_too) {
  const auto packed = [](char letter) {
    return *zstd_packed(testing_layers::tar({file("a", std::string(1 << 20, letter))}));
  };
  std::vector<Made> layer;
  for (char letter = 'a'; letter < 'f'; ++letter)
    layer.push_back(file(std::string("srv/") + letter + ".tar.zst", packed(letter)));
  EXPECT_EQ(notes(catalogue({layer})), "");
  const std::string all = notes(catalogue({layer}, Selection(), {.limits = {.ratio_from = 3 << 20}}));
  EXPECT_EQ(all.find("srv/c.tar"), std::string::npos) << all;
  for (const char* one :
       {"srv/d.tar.zst: the archives of the layer unpack", "srv/e.tar.zst: the archives of the layer unpack"})
    EXPECT_NE(all.find(one), std::string::npos) << all;
}

TEST(Catalog, what_the_archives_of_a_layer_unpack_to_is_counted_together) {
  const std::string packed = *zstd_packed(std::string(100'000, '\0'));
  const std::vector<Made> layer = {file("lib/modules/a.ko.zst", packed),
                                   file("lib/modules/b.ko.zst", packed)};
  EXPECT_EQ(notes(catalogue({layer, layer})), "");
  const ReadOptions read{.limits = {.ratio_from = 150'000}};
  const std::string most = std::to_string(150'000 + kArchivesRatio * 2 * packed.size());
  EXPECT_EQ(notes(catalogue({{layer[0]}, {layer[1]}}, Selection(), read)), "");
  EXPECT_EQ(notes(catalogue({layer}, Selection(), read)),
            "lib/modules/b.ko.zst: the archives of the layer unpack to more than " + most +
                " bytes (limit ratio_from)\n");
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

TEST(Catalog, a_file_is_owned_under_all_its_names_and_counts_once) {
  const auto link = [](std::string name, std::string to) {
    return Made{.name = std::move(name), .type = '1', .body = "", .link = std::move(to)};
  };
  const std::vector<Made> database = {file(kStatus, stanza("p", "1")),
                                      file("var/lib/dpkg/info/p.list", "/usr/bin/p\n")};
  const std::string note = with_note();
  const auto with = [&](std::vector<Made> more) {
    more.insert(more.begin(), database.begin(), database.end());
    return more;
  };
  for (const Layers& layers :
       {Layers{with({file("opt/h", note), link("usr/bin/p", "opt/h")})},
        Layers{with({file("usr/bin/p", note), link("opt/h", "usr/bin/p")})},
        Layers{with({file("opt/h", note)}), {link("usr/bin/p", "opt/h")}},
        Layers{with({file("x", note), link("opt/a.dll", "x"), link("usr/bin/p", "x")})}}) {
    const Inventory all = catalogue(layers);
    EXPECT_EQ(packages(all), Texts{"p 1 @0"});
    EXPECT_EQ(all.completeness.executables, 1U);
    EXPECT_EQ(all.completeness.owned, 1U);
  }
}

TEST(Catalog, a_file_of_a_folder_counts_once_under_all_its_names) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("peekr-names-" + std::to_string(::getpid()));
  for (const char* part : {"opt", "usr/bin"}) fs::create_directories(folder / part);
  std::ofstream(folder / "opt/h") << with_note();
  fs::create_hard_link(folder / "opt/h", folder / "usr/bin/p");
  Image image{.folder = folder};
  image.info.layers.emplace_back();
  image.layers.emplace_back();
  const Result<Tree> tree = read_layers(image, reader(), {}, {});
  ASSERT_TRUE(tree);
  const Inventory all = catalog(image, *tree, {}, {});
  fs::remove_all(folder);
  EXPECT_EQ(packages(all), Texts{"glibc 2.36 @0"});
  EXPECT_EQ(all.completeness.executables, 1U);
  EXPECT_EQ(all.completeness.identified, 1U);
}

TEST(Catalog, all_in_the_folder_of_what_bitnami_built_is_its_package) {
  const std::string document =
      R"({"spdxVersion": "SPDX-2.3", "packages": [{"name": "redis", "externalRefs": [{"referenceType": "purl",
          "referenceLocator": "pkg:bitnami/redis@7.2.4-13?arch=amd64&distro=debian-12"}]}]})";
  const std::string list = R"({"redis": {"version": "7.2.4-13", "arch": "amd64", "distro": "debian-12"}})";
  for (const Made& said : {file("opt/bitnami/redis/.spdx-redis.spdx", document),
                           file("opt/bitnami/.bitnami_components.json", list)}) {
    const Inventory all =
        catalogue({{said, file("opt/bitnami/redis/bin/redis-server", with_note("redis")),
                    file("opt/bitnami/redis/lib/x", kElf), file("opt/bitnami/redis2/x", kElf)}});
    ASSERT_EQ(packages(all), Texts{"redis 7.2.4-13 @0"});
    EXPECT_EQ(all.packages[0].purl, "pkg:bitnami/redis@7.2.4-13?arch=amd64&distro=debian-12");
    EXPECT_EQ(all.completeness.identified, 2U);
    EXPECT_EQ(all.completeness.unidentified.size(), 1U);
    // What somebody else has put there is not Bitnami's.
    EXPECT_EQ(packages(catalogue({{said}, {file("opt/bitnami/redis/sbin/x", with_note())}})),
              (Texts{"redis 7.2.4-13 @0", "glibc 2.36 @1"}));
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

// PEP 770: libraries that a wheel has copied from the system it was built on.
TEST(Catalog, what_a_python_package_bundles_is_there_whatever_system_it_is_from) {
  const std::string purl = "pkg:rpm/almalinux/libwebp@1.2.0-1?arch=x86_64&distro=almalinux-8";
  const std::vector<Made> system = {file("etc/os-release", "ID=debian\nVERSION_ID=12\n"),
                                    file(kStatus, stanza("a", "1"))};
  const auto with = [&](const std::string& path) {
    std::vector<Made> layer = system;
    layer.push_back(sbom(path, {{purl, ""}, {"pkg:deb/debian/libz@1", ""}}));
    return catalogue({layer});
  };
  const Inventory all = with("usr/lib/pillow-9.dist-info/sboms/auditwheel.cdx.json");
  EXPECT_EQ(packages(all), (Texts{"a 1 @0", "libz 1 @0", "libwebp 1.2.0-1 @0"}));
  EXPECT_EQ(all.packages[2].purl, purl);
  EXPECT_EQ(notes(all), "");
  EXPECT_EQ(packages(with("usr/share/auditwheel.cdx.json")), Texts{"a 1 @0"});
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

TEST(Catalog, a_zip_file_that_is_too_large_is_no_gap_as_it_need_not_be_one_of_java) {
  const std::string bytes(1001, 'x');
  const Layers layers = {{file("d/data.zip", bytes), file("d/DATA.zip", bytes), file("d/app.jar", bytes)}};
  const Inventory all = catalogue(layers, Selection(), {.limits = {.file_bytes = 1000}});
  ASSERT_EQ(all.notes.size(), 1u) << notes(all);
  EXPECT_EQ(all.notes[0].path.str(), "d/app.jar");
  EXPECT_EQ(all.notes[0].why, Why::too_big);
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
