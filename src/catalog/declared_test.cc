// SPDX-License-Identifier: Apache-2.0
// Lock files beside what is installed.
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "catalog/test_catalog.h"

namespace peekr {
namespace {

using namespace testing_catalog;

TEST(LockFiles, count_in_an_image_where_nothing_of_their_kind_is_installed) {
  const Made lock = file("app/Gemfile.lock", "GEM\n  specs:\n    rack (2.2.3)\n    rake\n");
  const Made gem = file("usr/lib/ruby/gems/3.1.0/specifications/json-2.6.1.gemspec",
                        "s.name = 'json'\ns.version = '2.6.1'\n");
  const Inventory alone = catalogue({{lock}});
  EXPECT_EQ(packages(alone), Texts{"rack 2.2.3 @0"});
  EXPECT_TRUE(alone.packages[0].declared);
  EXPECT_EQ(notes(alone), "app/Gemfile.lock: rake: no version\n");
  const Made rack = file("usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.4.gemspec",
                         "s.name = 'rack'\ns.version = '2.2.4'\n");
  EXPECT_EQ(packages(catalogue({{lock}, {gem}})), (Texts{"json 2.6.1 @1", "rack 2.2.3 @0"}));
  const Inventory beside = catalogue({{lock}, {rack}});
  EXPECT_EQ(packages(beside), Texts{"rack 2.2.4 @1"});
  EXPECT_EQ(notes(beside), "");  // of what does not count
  EXPECT_EQ(packages(catalogue({{lock, gem}}, Declared::all)), (Texts{"json 2.6.1 @0", "rack 2.2.3 @0"}));
}

TEST(LockFiles, count_by_folder_whatever_the_ecosystem) {
  const auto module = [](const std::string& name) {
    return file("opt/venv/lib/python3.11/site-packages/" + name + ".dist-info/METADATA",
                "Metadata-Version: 2.1\nName: " + name + "\nVersion: 9.0\n\n");
  };
  const Made bundled = file("srv/poetry.lock", "[[package]]\nname = \"django\"\nversion = \"3.2\"\n");
  const Made asked = file("app/requirements.txt", "Flask_Login==1.0\nJinja2==2.0\n");
  const Made tools = file("app/requirements-dev.txt", "black==1.0\npytest==2.0\nmypy==3.0\n");
  const std::vector<Made> base = {module("pip"), module("setuptools")};
  const auto with = [&](std::vector<Made> files) {
    files.insert(files.end(), base.begin(), base.end());
    return packages(catalogue({files}));
  };
  EXPECT_EQ(with({bundled}), (Texts{"django 3.2 @0", "pip 9.0 @0", "setuptools 9.0 @0"}));
  EXPECT_EQ(with({asked, tools, module("flask-login")}),
            (Texts{"flask-login 9.0 @0", "pip 9.0 @0", "setuptools 9.0 @0"}))
      << "half of what one of the folder's files lists";
  const Made own =
      file("srv/checkouts/api/poetry.lock", "[[package]]\nname = \"django\"\nversion = \"3.2\"\n");
  EXPECT_EQ(with({own}), (Texts{"django 3.2 @0", "pip 9.0 @0", "setuptools 9.0 @0"}));
  const Made beside = file("app/.venv/lib/python3.11/site-packages/a.dist-info/METADATA",
                           "Metadata-Version: 2.1\nName: a\nVersion: 1\n\n");
  EXPECT_EQ(with({tools, beside}), (Texts{"a 1 @0", "pip 9.0 @0", "setuptools 9.0 @0"}));
}

TEST(LockFiles, of_archives_and_of_go_itself_never_count) {
  const std::string pom =
      "<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version><dependencies><dependency>"
      "<groupId>b</groupId><artifactId>b</artifactId><version>2</version></dependency></dependencies></"
      "project>";
  EXPECT_EQ(packages(catalogue({{file("app/pom.xml", pom)}}, Declared::all)), Texts{"b:b 2 @0"});
  EXPECT_EQ(packages(catalogue({{file("app/META-INF/maven/g/a/pom.xml", pom)}}, Declared::all)), Texts());
  EXPECT_EQ(packages(catalogue(
                {{file("usr/local/go/src/go.mod", "module std\ngo 1.22\nrequire golang.org/x/net v0.1.0\n")}},
                Declared::all)),
            Texts());
}

// As the official images of golang have them.
TEST(LockFiles, of_generators_in_gos_own_sources_never_count) {
  const std::string asm_module = "module crypto/md5/_asm\ngo 1.24\nrequire golang.org/x/mod v0.14.0\n";
  const auto found = [&](const std::string& root, const std::string& unsafe) {
    return catalogue({{file(root + "src/go.mod", "module std\ngo 1.24\n"),
                       file(root + "src/" + unsafe, "package unsafe\n"),
                       file(root + "src/crypto/md5/_asm/go.mod", asm_module),
                       file(root + "src/archive/tar/testdata/old.tar.gz", "\x1f\x8b")}},
                     Declared::all);
  };
  for (const std::string root : {"usr/local/go/", "usr/share/go-1.19/", ""}) {
    const Inventory own = found(root, "unsafe/unsafe.go");
    EXPECT_EQ(packages(own), Texts()) << root;
    EXPECT_EQ(notes(own), "") << root;
  }
  const Layers around = {{file("src/go.mod", "module std\n"),
                          file("src/unsafe/unsafe.go", "package unsafe\n"),
                          file("src/mine/go.mod", asm_module), file("app/_x/go.mod", asm_module)}};
  EXPECT_EQ(packages(catalogue(around, Declared::all)).size(), 2u)
      << "somebody's own, below Go's sources and beside";
  const Inventory other = found("app/", "unsafe.go");
  EXPECT_EQ(packages(other), Texts{"golang.org/x/mod v0.14.0 @0"});
  EXPECT_NE(notes(other), "");
}

TEST(LockFiles, that_cannot_be_read_are_told_of) {
  EXPECT_TRUE(notes(catalogue({{file("app/package-lock.json", "{")}}))
                  .starts_with("app/package-lock.json: not JSON"));
  EXPECT_EQ(notes(catalogue({{file("app/requirements.txt", "requests>=2\n")}})), "") << "a wish is no gap";
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
    for (const Package& one : catalogue({files}).packages) all += one.name + ": " + one.lock + "\n";
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

TEST(LockFiles, beside_an_unpacked_release_count_where_nothing_is_installed) {
  const auto manifest = [](const std::string& folder, const std::string& text) {
    return file(folder + "/package.json", text);
  };
  const std::string yarn = R"({"name": "yarn", "version": "1.22.5"})";
  const auto found = [&](const std::string& folder, const std::string& text) {
    return packages(catalogue({{manifest(folder, text)}}));
  };
  EXPECT_EQ(found("opt/yarn-v1.22.5", yarn), Texts{"yarn 1.22.5 @0"});
  EXPECT_EQ(found("root/.cache/node/corepack/v1/yarn/1.22.5", yarn), Texts{"yarn 1.22.5 @0"});
  EXPECT_EQ(found("opt/yarn", yarn), Texts()) << "a project's";
  EXPECT_EQ(found("srv/api/1.22.5", yarn), Texts()) << "another's";
  EXPECT_EQ(found("opt/yarn-11.22.5", yarn), Texts());
  EXPECT_EQ(found("usr/local/bundle/gems/yarn-1.22.5", yarn), Texts()) << "a gem's";
  EXPECT_EQ(found("opt/yarn-1.22.5", R"({"name": "yarn", "version": "1.22.5", "private": true})"), Texts());
  const Made lock = file("opt/yarn-v1.22.5/package-lock.json",
                         R"({"packages": {"node_modules/ms": {"version": "2.0.0"}}})");
  EXPECT_EQ(packages(catalogue({{manifest("opt/yarn-v1.22.5", yarn), lock}})),
            (Texts{"ms 2.0.0 @0", "yarn 1.22.5 @0"}));
}

TEST(LockFiles, of_dependencies_never_count) {
  const std::string lock = "# yarn lockfile v1\n\nms@^2.0.0:\n  version \"2.0.0\"\n";
  for (const std::string folder :
       {"app/node_modules/a", "usr/lib/python3/site-packages/b", "go/pkg/mod/c@v1"}) {
    EXPECT_EQ(packages(catalogue({{file(folder + "/yarn.lock", lock)}}, Declared::all)), Texts());
  }
}

}  // namespace
}  // namespace peekr
