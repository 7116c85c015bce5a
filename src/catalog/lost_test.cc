// SPDX-License-Identifier: Apache-2.0
// Databases that are gone, packages whose files are, and a system without any.
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "catalog/test_catalog.h"

namespace peekr {
namespace {

using namespace testing_catalog;

std::string lost(const Inventory& inventory) {
  std::string out;
  for (const LostDatabase& one : inventory.completeness.lost) {
    out += std::string(name(one.how)) + " " + one.path.str() + " @" + std::to_string(one.layer) + " " +
           std::to_string(one.packages) + "\n";
  }
  return out;
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

TEST(Catalog, python_packages_whose_metadata_was_deleted_are_read_below_it) {
  const std::string site = "usr/lib/python3/site-packages/";
  const auto package = [&](const std::string& name, const std::string& version, const std::string& module) {
    const std::string info = name + "-" + version + ".dist-info/";
    return std::vector<Made>{file(site + info + "METADATA",
                                  "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n\n"),
                             file(site + info + "RECORD", module + ",,\n" + info + "METADATA,,\n" + info +
                                                              "RECORD,,\n" + info + "WHEEL,,\n"),
                             file(site + module, "")};
  };
  const std::vector<Made> base = package("requests", "2.20.0", "requests/__init__.py");
  const Made cut = file(site + ".wh.requests-2.20.0.dist-info", "");
  const Inventory deleted = catalogue({base, {cut}});
  EXPECT_EQ(packages(deleted), Texts{"requests 2.20.0 @0"});
  EXPECT_EQ(lost(deleted), "deleted usr/lib/python3/site-packages @0 1\n");
  const auto with = [&](std::vector<Made> layer) {
    layer.push_back(cut);
    return packages(catalogue({base, layer}));
  };
  EXPECT_EQ(with({file(site + ".wh.requests", "")}), Texts()) << "uninstalled";
  EXPECT_EQ(with(package("Requests", "2.31.0", "requests/__init__.py")), Texts{"Requests 2.31.0 @1"})
      << "upgraded";
  EXPECT_EQ(with(package("requests-fork", "1.0", "requests/__init__.py")), Texts{"requests-fork 1.0 @1"})
      << "replaced";
  EXPECT_EQ(with({file(site + "requests-2.31.0.egg-info",
                       "Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\n\n"),
                  file(site + "requests/__init__.py", "")}),
            Texts{"requests 2.31.0 @1"})
      << "upgraded by a tool that lists no files";
}

TEST(Catalog, npm_packages_and_gems_whose_metadata_alone_was_deleted_are_read_below_it) {
  const std::string ms = "app/node_modules/ms/", gems = "usr/lib/ruby/gems/3.1.0/";
  const Made manifest = file(ms + "package.json", R"({"name": "ms", "version": "2.0.0"})");
  const Made code = file(ms + "lib/index.js", "");
  const Made spec =
      file(gems + "specifications/rack-2.2.3.gemspec", "s.name = 'rack'\ns.version = '2.2.3'\n");
  const std::vector<Made> base = {manifest, code, file(ms + "README.md", ""), spec,
                                  file(gems + "gems/rack-2.2.3/lib/rack.rb", "")};
  const Made no_manifest = file(ms + ".wh.package.json", ""),
             no_spec = file(gems + "specifications/.wh.rack-2.2.3.gemspec", "");
  const Inventory deleted = catalogue({base, {no_manifest, no_spec}});
  EXPECT_EQ(packages(deleted), (Texts{"rack 2.2.3 @0", "ms 2.0.0 @0"}));
  EXPECT_EQ(lost(deleted), "deleted app/node_modules @0 1\ndeleted " + gems + "specifications @0 1\n");
  const auto without = [&](std::vector<Made> layer) { return packages(catalogue({base, layer})); };
  EXPECT_EQ(without({file("app/node_modules/.wh.ms", ""), no_spec, file(gems + "gems/.wh.rack-2.2.3", "")}),
            Texts())
      << "uninstalled";
  EXPECT_EQ(without({no_manifest, file(ms + ".wh.lib", "")}), Texts{"rack 2.2.3 @0"}) << "a text is left";
  EXPECT_EQ(without({no_manifest, file(ms + "lib/.wh.index.js", ""), file(ms + "other.js", "")}),
            Texts{"rack 2.2.3 @0"})
      << "what lies there is another's";
}

TEST(Catalog, a_lock_file_or_a_default_gem_that_was_deleted_is_no_package_that_lost_its_metadata) {
  const Made lock = file("app/package-lock.json",
                         R"({"lockfileVersion": 3, "packages": {"node_modules/ms": {"version": "2.0.0"}}})");
  EXPECT_EQ(packages(catalogue({{lock, file("app/index.js", "")}, {file("app/.wh.package-lock.json", "")}})),
            Texts());
  const std::string gems = "usr/lib/ruby/gems/3.1.0/", defaults = gems + "specifications/default/";
  const Made json = file(defaults + "json-2.6.1.gemspec", "s.name = 'json'\ns.version = '2.6.1'\n");
  const Made uri = file(defaults + "uri-0.11.0.gemspec", "s.name = 'uri'\ns.version = '0.11.0'\n");
  const Made code = file(gems + "gems/json-2.6.1/exe/json", "");
  const Made no_json = file(defaults + ".wh.json-2.6.1.gemspec", "");
  EXPECT_EQ(packages(catalogue({{json, uri}, {no_json}})), Texts{"uri 0.11.0 @0"});
  EXPECT_EQ(packages(catalogue({{json, uri, code}, {no_json}})), (Texts{"json 2.6.1 @0", "uri 0.11.0 @0"}));
}

TEST(Catalog, conda_packages_whose_metadata_was_deleted_are_read_below_it) {
  const auto package = [](const std::string& version) {
    return std::vector<Made>{file("opt/conda/conda-meta/zlib-" + version + "-0.json",
                                  R"({"name": "zlib", "version": ")" + version +
                                      R"(", "files": ["lib/libz.so", "include/zlib.h"]})"),
                             file("opt/conda/lib/libz.so", ""), file("opt/conda/include/zlib.h", "")};
  };
  const Made cut = file("opt/conda/conda-meta/.wh.zlib-1.2.11-0.json", "");
  for (const Made& one : {cut, file("opt/conda/.wh.conda-meta", "")}) {
    const Inventory deleted = catalogue({package("1.2.11"), {one}});
    EXPECT_EQ(packages(deleted), Texts{"zlib 1.2.11 @0"});
    EXPECT_EQ(lost(deleted), "deleted opt/conda/conda-meta @0 1\n");
  }
  const Made library = file("opt/conda/lib/.wh.libz.so", ""),
             header = file("opt/conda/include/.wh.zlib.h", "");
  EXPECT_EQ(packages(catalogue({package("1.2.11"), {cut, library}})), Texts()) << "half of it is left";
  EXPECT_EQ(packages(catalogue({package("1.2.11"), {cut, library, header}})), Texts()) << "removed";
  std::vector<Made> upgraded = package("1.3.1");
  upgraded.push_back(cut);
  EXPECT_EQ(packages(catalogue({package("1.2.11"), upgraded})), Texts{"zlib 1.3.1 @1"});
}

TEST(Catalog, a_database_that_was_not_read_in_a_higher_layer_is_not_said_to_be_deleted) {
  const std::vector<Made> base = {file(kStatus, stanza("a", "1")),
                                  file("var/lib/dpkg/info/a.list", "/usr/bin/a\n"),
                                  file("usr/bin/a", "#!/bin/sh\n")};
  const Inventory all = catalogue({base, {file(kStatus, stanza("a", "2") + std::string(1000, '\n'))}},
                                  Selection{}, {.limits = {.file_bytes = 900}});
  EXPECT_EQ(packages(all), Texts{"a 1 @0"});
  EXPECT_EQ(lost(all), "unread var/lib/dpkg/status @0 1\n");
  ASSERT_EQ(all.notes.size(), 2U);
  EXPECT_EQ(all.notes[0].why, Why::too_big);
  EXPECT_EQ(
      all.notes[1].what,
      "package database: that of a higher layer was not read; what layer 1 of 2 had is shown, packages: 1");
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
  EXPECT_EQ(lost(catalogue({base, {file(kStatus, stanza("b", "1")), file("usr/bin/.wh.a", "")}})), "");
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

TEST(Catalog, a_package_that_a_database_has_no_more_is_there_while_its_files_are_untouched) {
  const auto list = [](const std::string& name, const std::string& files) {
    return file("var/lib/dpkg/info/" + name + ".list", files);
  };
  const std::vector<Made> base = {file(kStatus, stanza("a", "1") + stanza("b", "2")),
                                  list("a", "/usr/bin/a\n"),
                                  list("b", "/etc/b.conf\n/usr/bin/b\n/usr/share/doc/b/copyright\n"),
                                  file("etc/b.conf", "x"),
                                  file("usr/bin/a", kElf),
                                  file("usr/bin/b", kElf)};
  const Made cut = file(kStatus, stanza("a", "1"));
  for (const Layers& layers :
       {Layers{base, {cut}}, Layers{base, {cut, file("var/lib/dpkg/info/.wh.b.list", "")}},
        Layers{base, {file(kStatus, stanza("a", "1") + "Package: b\nSta")}}}) {
    const Inventory all = catalogue(layers);
    EXPECT_EQ(packages(all), (Texts{"a 1 @0", "b 2 @0"}));
    EXPECT_EQ(lost(all), "emptied var/lib/dpkg/status @0 1\n");
    EXPECT_EQ(all.completeness.owned, 2U);
    EXPECT_NE(notes(all).find("took out of it, but whose files are there, untouched: 1;"), std::string::npos);
  }
  // Removed, replaced by another package, written anew; settings stay, and what lists no files says nothing.
  const Made removed = file("usr/bin/.wh.b", "");
  const Made renamed = file(kStatus, stanza("a", "1") + stanza("b2", "3"));
  for (const Layers& layers :
       {Layers{base, {cut, removed}}, Layers{base, {renamed, list("b2", "/usr/bin/b\n")}},
        Layers{base, {cut, file("usr/bin/b", "new")}},
        Layers{base, {cut, removed, list("b", "/etc/b.conf\n")}},
        Layers{{file(kStatus, stanza("b", "1")), file("app/x", "")}, {cut}}}) {
    const Inventory all = catalogue(layers);
    EXPECT_EQ(all.packages[0].name, "a");
    EXPECT_EQ(lost(all), "");
  }
}

TEST(Catalog, a_package_of_settings_and_documentation_is_there_while_what_would_go_with_it_is) {
  const Made program = file("usr/bin/a", kElf), list = file("var/lib/dpkg/info/a.list", "/usr/bin/a\n");
  const Made conf = file("etc/c.conf", "x"), text = file("usr/share/doc/c/copyright", "x");
  const std::vector<Made> base = {
      file(kStatus, stanza("a", "1") + stanza("b", "1") + stanza("c", "1")),
      list,
      file("var/lib/dpkg/info/c.list", "/etc/c.conf\n/usr/share/doc/c/copyright\n/usr/share/man/c.gz\n"),
      program,
      conf,
      text};
  const Made cut = file(kStatus, stanza("a", "1") + "Package: b\nSta");
  const Inventory all = catalogue({base, {cut}});
  EXPECT_EQ(packages(all), (Texts{"a 1 @0", "c 1 @0"}));
  EXPECT_EQ(lost(all), "emptied var/lib/dpkg/status @0 1\n");
  EXPECT_NE(
      notes(all).find("untouched: 1; what the copy of layer 1 of 2 says of them was used; of 1 more that "
                      "it took out nothing tells whether they are there: b"),
      std::string::npos)
      << notes(all);
  // dpkg's settings stay when a package is removed; all else would be gone.
  EXPECT_EQ(packages(catalogue({base, {cut, file("usr/share/doc/.wh.c", "")}})), Texts{"a 1 @0"});
  const std::string database = "lib/apk/db/installed", a = "P:a\nV:1-r0\nA:x86_64\nF:usr/bin\nR:a\n\n",
                    c = "P:c\nV:1-r0\nA:x86_64\nF:etc\nR:c.conf\n\n";
  EXPECT_EQ(packages(catalogue({{file(database, a + c), program, conf}, {file(database, a)}})),
            (Texts{"a 1-r0 @0", "c 1-r0 @0"}));
  EXPECT_EQ(packages(catalogue(
                {{file(database, a + c), program, conf}, {file(database, a), file("etc/.wh.c.conf", "")}})),
            Texts{"a 1-r0 @0"});
}

TEST(Catalog, a_package_that_apk_has_no_more_is_there_while_its_files_are_untouched) {
  const auto record = [](const std::string& name) {
    return "P:" + name + "\nV:1-r0\nA:x86_64\nF:usr/bin\nR:" + name + "\n\n";
  };
  const std::string database = "lib/apk/db/installed";
  const std::vector<Made> base = {file(database, record("a") + record("b") + record("c")),
                                  file("usr/bin/a", "x"), file("usr/bin/b", "x"), file("usr/bin/c", "x")};
  const Inventory all = catalogue({base, {file(database, record("a")), file("usr/bin/.wh.c", "")}});
  EXPECT_EQ(packages(all), (Texts{"a 1-r0 @0", "b 1-r0 @0"}));
  EXPECT_EQ(lost(all), "emptied lib/apk/db/installed @0 1\n");
}

TEST(Catalog, lists_of_files_that_a_higher_layer_deleted_are_read_below_it) {
  const std::vector<Made> base = {
      file(kStatus, stanza("a", "1")), file("var/lib/dpkg/info/a.list", "/usr/bin/a\n"),
      file("var/lib/dpkg/info/gone.list", "/usr/bin/gone\n"), file("usr/bin/a", kElf)};
  const Inventory all = catalogue({base, {file("var/lib/dpkg/.wh.info", "")}});
  EXPECT_EQ(all.completeness.owned, 1U);
  EXPECT_EQ(lost(all), "") << "no gap: nothing is unknown";
  EXPECT_NE(notes(all).find("lists of files deleted by a higher layer, though their packages are there: 1;"),
            std::string::npos);
  // Checksums that are there do not stand for it.
  const Made sums = file("var/lib/dpkg/info/a.md5sums", "0123456789abcdef0123456789abcdef  usr/bin/b\n");
  std::vector<Made> with_sums = base;
  with_sums.push_back(sums);
  EXPECT_NE(notes(catalogue({with_sums, {file("var/lib/dpkg/info/.wh.a.list", "")}}))
                .find("lists of files deleted"),
            std::string::npos);
  // The list is there under another name, or its package is not: an upgrade, a purge of another architecture.
  for (const std::string name : {"a:amd64.list", "a:i386.list"}) {
    const bool is_new = name == "a:amd64.list";
    const std::string old = is_new ? "a.list" : name, now = is_new ? name : "a.list";
    const Inventory quiet = catalogue(
        {{file(kStatus, stanza("a", "1")), file("var/lib/dpkg/info/" + old, "/usr/bin/a\n"),
          file("usr/bin/a", kElf)},
         {file("var/lib/dpkg/info/.wh." + old, ""), file("var/lib/dpkg/info/" + now, "/usr/bin/a\n")}});
    EXPECT_EQ(notes(quiet), "") << name;
  }
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
                                         {system, ms, symlink(kStatus, "/nowhere")},
                                         {system, file("srv/c/" + kStatus, stanza("a", "1"))}})
    EXPECT_NE(notes(catalogue({layer})).find(gap), std::string::npos);
  EXPECT_EQ(notes(catalogue({{system, ms, file(kStatus, stanza("a", "1"))}})).find(gap), std::string::npos);
  EXPECT_EQ(
      notes(catalogue({{system, symlink("var", "/data/var"), file("data/" + kStatus, stanza("a", "1"))}})),
      "");
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

}  // namespace
}  // namespace peekr
