// SPDX-License-Identifier: Apache-2.0
// The rule for stale databases, and rpm itself as the oracle: what `rpm -qa` prints of a database that
// Debian's rpm wrote is what the row must find in it.
#include "catalog/rpm.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "base/text.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace catalogers {
extern const Cataloger rpm;
}

namespace {

using Texts = std::vector<std::string>;

Package package(std::string name, std::string_view path, std::string type = "rpm") {
  return {.type = std::move(type), .name = std::move(name), .version = "1-1", .path = Path(path)};
}

Texts names(const Inventory& inventory) {
  Texts all;
  for (const Package& one : inventory.packages) all.push_back(one.name);
  return all;
}

TEST(StaleRpm, is_the_older_format_beside_a_newer_one) {
  Inventory inventory{
      .packages = {package("old", "var/lib/rpm/Packages"), package("new", "var/lib/rpm/rpmdb.sqlite"),
                   package("ndb", "var/lib/rpm/Packages.db"), package("older", "var/lib/rpm/Packages")}};
  drop_stale_rpm({}, inventory);
  EXPECT_EQ(names(inventory), Texts{"new"});
  ASSERT_EQ(inventory.notes.size(), 2u);
  EXPECT_EQ(inventory.notes[0].path.str(), "var/lib/rpm/Packages");
  EXPECT_EQ(inventory.notes[0].what, "rpm database: a newer one lies beside it, packages left out: 2");
  EXPECT_TRUE(incomplete(inventory.notes[0].why));  // two packages, where the newer has one
  EXPECT_EQ(inventory.notes[1].path.str(), "var/lib/rpm/Packages.db");
  EXPECT_FALSE(incomplete(inventory.notes[1].why));
}

TEST(StaleRpm, is_what_lies_in_a_lower_layer) {
  Inventory inventory{
      .packages = {package("old", "var/lib/rpm/rpmdb.sqlite"), package("new", "var/lib/rpm/Packages.db")}};
  drop_stale_rpm({{Path("var/lib/rpm/rpmdb.sqlite"), 0}, {Path("var/lib/rpm/Packages.db"), 1}}, inventory);
  EXPECT_EQ(names(inventory), Texts{"new"});
  ASSERT_EQ(inventory.notes.size(), 1u);
  EXPECT_FALSE(incomplete(inventory.notes[0].why));
}

TEST(StaleRpm, is_a_gap_where_it_has_more_and_no_layer_says_which_is_newer) {
  Inventory inventory{.packages = {package("a", "var/lib/rpm/rpmdb.sqlite"),
                                   package("b", "var/lib/rpm/Packages.db"),
                                   package("c", "var/lib/rpm/Packages.db")}};
  drop_stale_rpm({}, inventory);
  EXPECT_EQ(names(inventory), Texts{"a"});
  ASSERT_EQ(inventory.notes.size(), 1u);
  EXPECT_TRUE(incomplete(inventory.notes[0].why));
}

TEST(StaleRpm, is_no_database_in_another_folder) {
  Inventory inventory{.packages = {package("a", "var/lib/rpm/Packages"),
                                   package("b", "usr/share/rpm/Packages.db"),
                                   package("c", "srv/var/lib/rpm/rpmdb.sqlite")}};
  drop_stale_rpm({}, inventory);
  EXPECT_EQ(names(inventory), (Texts{"a", "b", "c"}));
  EXPECT_TRUE(inventory.notes.empty());
}

TEST(StaleRpm, is_no_package_of_another_kind) {
  Inventory inventory{.packages = {package("a", "x/Packages", "deb"), package("b", "x/rpmdb.sqlite")}};
  drop_stale_rpm({}, inventory);
  EXPECT_EQ(names(inventory), (Texts{"a", "b"}));
}

Inventory run(std::string_view path, std::string_view bytes) {
  Inventory found;
  catalogers::rpm.run({.path = Path(path), .bytes = bytes}, found);
  return found;
}

TEST(Rpm, calls_a_file_at_the_root_that_is_no_database_a_gap) {
  for (const std::string_view bytes : {"", "text", "RpmP", "SQLite format 3"}) {
    EXPECT_EQ(run("var/lib/rpm/Packages", bytes).notes.size(), 1u) << bytes;
  }
  EXPECT_EQ(run("srv/var/lib/rpm/Packages", "text").notes.size(), 0u);
}

// The output of a shell command.
std::string output(const std::string& command) {
  const auto close = [](FILE* pipe) { EXPECT_EQ(pclose(pipe), 0); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  EXPECT_NE(pipe, nullptr);
  std::string all;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe.get()))
    all.append(buffer.data(), size);
  return all;
}

std::string or_none(const std::string& text) { return text.empty() ? "(none)" : text; }

// As the query format of the test prints it.
std::string line(const Package& one) {
  const std::string license = one.licenses.empty() ? "" : one.licenses[0];
  return join({one.name, one.epoch ? std::to_string(*one.epoch) : "(none)", one.version, one.arch,
               or_none(license), or_none(one.vendor), or_none(one.modularity),
               one.source + "-" + one.source_version},
              "|") +
         "|" + join({one.files.begin(), one.files.end()}, ",");
}

// The files of rpm's line, canonical and sorted as ours are.
std::string normal(std::string_view text) {
  const std::size_t bar = text.rfind('|');
  Texts files;
  for (const std::string_view file : split(text.substr(bar + 1), ',')) {
    if (!file.empty()) files.push_back(Path(file).str());
  }
  std::ranges::sort(files);
  std::string head(text.substr(0, bar));
  for (const std::string_view ending : {".nosrc.rpm", ".src.rpm"}) {
    if (head.ends_with(ending)) head.resize(head.size() - ending.size());
  }
  return head + "|" + join(files, ",");
}

TEST(Rpm, finds_what_rpm_finds) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("peekr-rpm-oracle-" + std::to_string(::getpid()));
  const std::string root = PEEKR_SOURCE_DIR;
  output("'" + root + "/tests/rpmdb.py' sqlite '" + folder.string() + "'");
  const std::string database = folder / "var/lib/rpm/rpmdb.sqlite";
  std::ifstream in(database, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  Texts ours, theirs;
  for (const Package& one : run("var/lib/rpm/rpmdb.sqlite", bytes).packages) ours.push_back(line(one));
  const std::string all =
      output("rpm --dbpath '" + folder.string() +
             "/var/lib/rpm' -qa --qf '%{NAME}|%{EPOCH}|%{VERSION}-%{RELEASE}|%{ARCH}|%{LICENSE}|"
             "%{VENDOR}|%{MODULARITYLABEL}|%{SOURCERPM}|[%{FILENAMES},]\\n' 2>&1");
  for (std::string_view rest = all; !rest.empty();) {
    const std::string_view one = next_line(rest);
    if (one.contains('|') && !one.starts_with("gpg-pubkey|")) theirs.push_back(normal(one));
  }
  std::filesystem::remove_all(folder);
  std::ranges::sort(ours);
  std::ranges::sort(theirs);
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(ours.size(), 10u);
}

}  // namespace
}  // namespace peekr
