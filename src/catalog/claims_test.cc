// SPDX-License-Identifier: Apache-2.0
// What files say of packages that another one declares.
#include "catalog/claims.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "catalog/test_catalog.h"

namespace peekr {
namespace {

using namespace testing_catalog;

std::ptrdiff_t with_files(const Inventory& inventory) {
  return std::ranges::count_if(inventory.packages, [](const Package& one) { return !one.files.empty(); });
}

TEST(Claims, a_list_that_names_no_architecture_is_copied_a_few_times_at_most) {
  std::string status;
  std::vector<Made> layer;
  for (int i = 0; i < 20; ++i) {
    const std::string arch = "arch" + std::to_string(i);
    status += stanza("a", "1", arch);
    layer.push_back(file("var/lib/dpkg/info/b:" + arch + ".list", "/usr/lib/" + arch + "/b\n"));
    status += stanza("b", "1", arch);
  }
  layer.push_back(file(kStatus, status));
  layer.push_back(file("var/lib/dpkg/info/a.list", "/usr/bin/a\n"));
  layer.push_back(file("usr/share/doc/a/copyright",
                       "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
                       "Files: *\nLicense: MIT\n"));
  Inventory inventory = catalogue({layer});
  ASSERT_EQ(inventory.packages.size(), 40u);
  EXPECT_EQ(std::ranges::count(inventory.packages, std::vector<std::string>{"MIT"}, &Package::licenses), 20);
  std::erase_if(inventory.packages, [](const Package& one) { return one.name == "b"; });
  EXPECT_EQ(with_files(inventory), 4);
  EXPECT_EQ(with_files(catalogue({layer})), 4 + 20);
}

TEST(Claims, of_diversions_the_first_ten_thousand_count) {
  const std::string status = stanza("a", "1");
  const auto found_with = [&](int count) {
    std::string diversions, list;
    for (int i = 0; i < count; ++i) {
      const std::string path = "/f" + std::to_string(10000 + i);
      diversions += path + "\n" + path + ".real\n:\n";
      list += path + "\n";
    }
    const Made last = file("f" + std::to_string(9999 + count) + ".real", "");
    return catalogue({{file(kStatus, status), file("var/lib/dpkg/info/a.list", list),
                       file("var/lib/dpkg/diversions", diversions), last}});
  };
  const Inventory all = found_with(10000), more = found_with(10001);
  EXPECT_EQ(notes(all), "");
  EXPECT_EQ(*std::ranges::max_element(all.packages.at(0).files), "f19999.real");
  EXPECT_EQ(notes(more), "var/lib/dpkg/diversions: more than 10000 entries: the rest is left out\n");
  EXPECT_EQ(*std::ranges::max_element(more.packages.at(0).files), "f20000");
}

// What the project in that folder asks for of what pnpm has installed: "name version".
std::vector<std::string> asked_of_pnpm(const std::string& folder) {
  const auto package = [&](const std::string& id, const std::string& name, const std::string& version) {
    return file(folder + "node_modules/.pnpm/" + id + "/node_modules/" + name + "/package.json",
                R"({"name": ")" + name + R"(", "version": ")" + version + "\"}");
  };
  std::vector<std::string> asked;
  for (
      const Package& one :
      catalogue(
          {{file(
                folder + "package.json",
                R"({"dependencies": {"lodash": "4", "@a/b": "1", "gone": "1"}, "devDependencies": {"c": "1"}})"),
            package("lodash@4.17.4", "lodash", "4.17.4"), package("lodash@3.0.0", "lodash", "3.0.0"),
            package("@a+b@1.0.0", "@a/b", "1.0.0"), package("c@1.0.0", "c", "1.0.0"),
            package("gone@1.0.0", "gone", "1.0.0"),
            symlink(folder + "node_modules/lodash", ".pnpm/lodash@4.17.4/node_modules/lodash"),
            symlink(folder + "node_modules/c", ".pnpm/c@1.0.0/node_modules/c"),
            symlink(folder + "node_modules/@a/b", "../.pnpm/@a+b@1.0.0/node_modules/@a/b")}})
          .packages) {
    if (one.asked) asked.push_back(one.name + " " + one.version + (one.essential ? "" : " to develop"));
  }
  return asked;
}

TEST(Claims, of_what_pnpm_has_installed_a_project_asks_for_what_it_links_to) {
  for (const char* folder : {"", "srv/app/"})
    EXPECT_EQ(asked_of_pnpm(folder), (Texts{"@a/b 1.0.0", "c 1.0.0 to develop", "lodash 4.17.4"})) << folder;
}

}  // namespace
}  // namespace peekr
