// SPDX-License-Identifier: Apache-2.0
// From layers to one inventory.
#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include "catalog/test_catalog.h"
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

TEST(Catalog, a_package_database_in_a_folder_of_documentation_is_an_example) {
  const std::string example = "usr/share/doc/tool/examples/root/";
  const Inventory inventory = catalogue(
      {{file(kStatus, stanza("a", "1")), file(example + kStatus, stanza("b", "1") + stanza("c", "1")),
        file(example + "etc/os-release", "ID=debian\nVERSION_ID=8\n"),
        file("srv/doc/" + kStatus, stanza("d", "1")),
        file("srv/doc/etc/os-release", "ID=debian\nVERSION_ID=11\n"),
        file("srv/doc/" + example + "lib/apk/db/installed", "P:e\nV:1\n\n")}});
  EXPECT_EQ(packages(inventory), (Texts{"a 1 @0", "d 1 @0"}));
  EXPECT_EQ(
      notes(inventory),
      "srv/doc/usr/share/doc/tool/examples/root: a package database in a folder of documentation: 1 package "
      "of it left out\n"
      "usr/share/doc/tool/examples/root: a package database in a folder of documentation: 2 packages of it "
      "left out\n");
}

TEST(Catalog, a_root_file_system_whose_files_are_there_is_no_example_wherever_it_is) {
  const std::string root = "usr/share/doc/tool/root/";
  const std::vector<Made> with_list = {
      file(root + kStatus, stanza("b", "1") + stanza("c", "1")),
      file(root + "var/lib/dpkg/info/b.list", "/usr\n/usr/bin/b\n/usr/share/doc/b/copyright\n"),
      file(root + "usr/share/doc/b/copyright", "")};
  EXPECT_EQ(packages(catalogue({with_list})), Texts());
  EXPECT_EQ(packages(catalogue({with_list, {file(root + "usr/bin/b", "")}})), (Texts{"b 1 @0", "c 1 @0"}));
  const std::vector<Made> without = {with_list[0], with_list[2], file(root + "usr/bin/x", "")};
  EXPECT_EQ(packages(catalogue({without})), (Texts{"b 1 @0", "c 1 @0"})) << "no list says what is there";
  const std::string installed = "P:e\nV:1\nF:bin\nR:e\n\n";
  const std::vector<Made> apk = {file(root + "lib/apk/db/installed", installed)};
  EXPECT_EQ(packages(catalogue({apk})), Texts());
  EXPECT_EQ(packages(catalogue({apk, {symlink(root + "bin/e", "e2")}})), (Texts{"e 1 @0"}));
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

TEST(Catalog, an_archive_of_what_is_installed_is_no_gap_where_its_package_manager_keeps_it) {
  const std::string deb = "!<arch>\ndebian-binary ", apt = "var/cache/apt/archives/";
  const auto with = [&](const std::vector<std::string>& archives) {
    std::vector<Made> layer = {file(kStatus, stanza("a", "1:2+b1") + stanza("b", "1", "all")),
                               file("srv/r/" + kStatus, stanza("c", "3")),
                               file("lib/apk/db/installed", "P:musl\nV:1.2.5-r1\nA:x86_64\n\n")};
    for (const std::string& one : archives) layer.push_back(file(one, deb));
    const std::string all = notes(catalogue({layer}));
    const std::size_t gap = all.find(": an archive that was not");
    return gap == std::string::npos ? std::string()
                                    : all.substr(all.rfind('\n', gap) + 1, gap - all.rfind('\n', gap) - 1);
  };
  EXPECT_EQ(with({apt + "a_1%3a2+b1_amd64.deb", apt + "b_1_all.deb", "srv/r/" + apt + "c_3_amd64.deb",
                  "var/cache/apk/musl-1.2.5-r1.0a1b2c3d.apk", "etc/apk/cache/musl-1.2.5-r1.apk"}),
            "");
  for (const std::string& other :
       {apt + "a_1%3a1_amd64.deb", apt + "c_3_amd64.deb", std::string("opt/b_1_all.deb"),
        "srv/r/" + apt + "b_1_all.deb", std::string("var/cache/apk/musl-1.2.5-r1.0.apk")})
    EXPECT_EQ(with({apt + "b_1_all.deb", other}), other);
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
      "layer 2 of 2: lib/apk/db/installed: more than 3 packages in the files of all layers (limit packages)");
  const Result<Tree> two = read(2);
  ASSERT_FALSE(two);
  EXPECT_EQ(
      two.error().message,
      "layer 1 of 2: var/lib/dpkg/status: more than 2 packages in the files of all layers (limit packages)");
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
