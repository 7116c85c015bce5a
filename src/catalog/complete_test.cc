// SPDX-License-Identifier: Apache-2.0
// Whose a file is, whether it is as its package's database says, and what nobody accounts for.
#include "catalog/complete.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catalog/test_catalog.h"
#include "lib/digest.h"

namespace peekr {
namespace {

using namespace testing_catalog;

TEST(Complete, checksums_tell_the_files_of_a_package_whose_list_is_gone) {
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

TEST(Complete, what_is_seen_in_a_file_of_a_system_package_is_that_packages) {
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

TEST(Complete, a_file_with_other_bytes_than_the_database_says_is_not_the_system_packages) {
  const Inventory same = catalogue(with_checksum(kMd5OfA, kA));
  ASSERT_EQ(packages(same), (Texts{"node-a 1-1 @0", "a 1 @0"}));
  EXPECT_EQ(same.packages[1].owner, 0u);
  EXPECT_FALSE(same.packages[1].altered);
  const Inventory other = catalogue(with_checksum(kMd5OfA, R"({"name":"a","version":"2"})"));
  ASSERT_EQ(packages(other), (Texts{"node-a 1-1 @0", "a 2 @0"}));
  EXPECT_FALSE(other.packages[1].owner);
  EXPECT_EQ(other.packages[1].altered, 0u);
}

TEST(Complete, what_is_in_an_altered_file_came_with_the_layer_that_altered_it) {
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

TEST(Complete, apk_checksums_tell_an_altered_file_from_its_own) {
  const auto with = [](std::string_view sum) {
    const std::string record =
        "P:a\nV:1-r0\nA:x86_64\nF:usr/lib/node_modules/a\nR:package.json\nZ:Q1" + std::string(sum) + "\n\n";
    return catalogue({{file("lib/apk/db/installed", record),
                       file("usr/lib/node_modules/a/package.json", std::string(kA))}});
  };
  EXPECT_TRUE(with(kSha1OfA).packages[1].owner);
  EXPECT_TRUE(with("AAAAAAAAAAAAAAAAAAAAAAAAAAA=").packages[1].altered);
}

TEST(Complete, checksums_of_pacman_and_portage_tell_an_altered_file_from_its_own) {
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

TEST(Complete, an_executable_that_somebody_replaced_speaks_for_itself) {
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

TEST(Complete, an_executable_is_its_packages_only_with_the_checksum_that_the_database_has) {
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

TEST(Complete, files_that_dpkg_has_diverted_are_looked_for_where_they_are) {
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

TEST(Complete, a_diversion_without_a_rename_leaves_the_file_where_it_is) {
  const Inventory kept = catalogue(
      {{file(kStatus, stanza("other", "1") + stanza("tool", "1")),
        file("var/lib/dpkg/info/tool.list", "/usr/bin/tool\n"),
        file("var/lib/dpkg/info/other.list", "/usr/bin/other\n"), file("usr/bin/other", "#!/bin/sh\n"),
        file("var/lib/dpkg/diversions", "/usr/bin/tool\n/usr/bin/tool.real\n:\n"),
        file("usr/bin/tool", "#!/bin/sh\n")}});
  EXPECT_EQ(kept.packages[1].files, Texts{"usr/bin/tool"});
  EXPECT_FALSE(kept.packages[1].remnant);
}

TEST(Complete, a_diverted_file_has_its_checksum_and_is_of_its_own_root_file_system) {
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

TEST(Complete, the_files_of_a_root_file_system_inside_the_image_are_looked_for_there) {
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

TEST(Complete, every_executable_is_owned_identified_or_listed) {
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

TEST(Complete, an_executable_beside_the_packages_of_a_language_that_none_of_them_brought_has_its_digest) {
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

TEST(Complete, an_executable_over_a_copy_in_a_lower_layer_is_compared_with_the_database) {
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

TEST(Complete, a_file_is_owned_under_all_its_names_and_counts_once) {
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

TEST(Complete, a_file_of_a_folder_counts_once_under_all_its_names) {
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

TEST(Complete, all_in_the_folder_of_what_bitnami_built_is_its_package) {
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

}  // namespace
}  // namespace peekr
