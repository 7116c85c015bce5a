// SPDX-License-Identifier: Apache-2.0
// docs/catalogers.md is made from the rows of catalogers.def and classifiers.def. Where it is out of date, this fails;
// PEEKR_ACCEPT=1 writes it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/classifier.h"
#include "fixture.h"

namespace peekr {
namespace {

// "**/*.jar" would be bold.
std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

void add(std::string_view more, std::string& cell) {
  if (!cell.empty()) cell += ", ";
  cell += more;
}

std::string files_of(const Cataloger& row) {
  std::string cell;
  for (const Pattern pattern : row.wants) add(code(pattern), cell);
  if (!row.magics.empty())
    add(row.takes == Takes::pieces ? "every executable" : "by their first bytes", cell);
  return cell;
}

template <class Is>
void add_table(std::string_view title, std::string& out, Is is) {
  out += "\n## " + std::string(title) + "\n\n| row | what is read | files |\n|---|---|---|\n";
  for (const Cataloger* row : all_catalogers()) {
    // The files of "binary" are those of the table of classifiers.
    const std::string files = row->name == "binary" ? "see below" : files_of(*row);
    if (is(*row)) out += "| " + code(row->name) + " | " + std::string(row->about) + " | " + files + " |\n";
  }
}

struct Product {
  std::set<std::string> cpes, files;
};

void add_products(std::string& out) {
  std::map<std::string, Product> products;
  for (const Classifier& row : all_classifiers()) {
    Product& one = products[std::string(row.package)];
    for (const std::string_view cpe : split(row.cpes, ' ')) one.cpes.insert(code(cpe));
    one.files.insert(row.file.empty() ? "every executable" : code(row.file));
  }
  out += "\n## Software by what stands in its bytes (`binary`)\n\n";
  out += "| package | vendor and product in NVD's CPE names | looked for in |\n|---|---|---|\n";
  for (const auto& [package, one] : products) {
    std::string cpes, files;
    for (const std::string& cpe : one.cpes) add(cpe, cpes);
    for (const std::string& file : one.files) add(file, files);
    out += "| " + code("pkg:" + package) + " | " + cpes + " | " + files + " |\n";
  }
}

std::string document() {
  std::string out =
      "# What is read: the catalogers\n\n"
      "Made from the rows of `src/catalog/catalogers.def` and `classifiers.def` (`PEEKR_ACCEPT=1 ctest "
      "--preset dev -R "
      "CatalogersDocument`\n"
      "writes it); `peekr list catalogers` prints the rows of this program. In a pattern `*` is any part of "
      "a name and `**/` any "
      "folders, also none.\n";
  add_table("The operating system and its packages", out, [](const Cataloger& row) { return row.of_system; });
  add_table("What is installed besides", out,
            [](const Cataloger& row) { return !row.of_system && !row.declares; });
  add_table("What lock files ask for (`declared`)", out, [](const Cataloger& row) { return row.declares; });
  out +=
      "\nIn a folder of sources (`dir:`) and with `--declared` all of it counts. In an image it does not in "
      "a folder for which "
      "it is installed:\nsomething of the same type lies in that folder or below (`node_modules`, `vendor`, "
      "a virtual "
      "environment, a program that says what it is\nbuilt of), or, of every type but npm, half of the names "
      "that one of the folder's "
      "lock files lists are installed anywhere, in whatever version.\nLock files of dependencies "
      "(in `node_modules`, `vendor`, `site-packages`, Go's and Cargo's caches, gems, `META-INF/maven`) and "
      "of Go itself never "
      "count,\nnor do those that a system package brought.\n";
  add_products(out);
  out +=
      "\n## What is not read, and why\n\n"
      "* Lists of wishes: `setup.py`, `pyproject.toml`, `requires.txt`, `Cargo.toml`, `pubspec.yaml`, "
      "`vcpkg.json`, `conanfile.txt`, "
      "`*.csproj`, `*.props`,\n  `paket.dependencies`, `MODULE.bazel`, `gleam.toml`, `*.versions.toml`, "
      "`.tool-versions`: they name ranges, or what is asked for "
      "in the lock file beside them.\n"
      "* Go's `vendor/modules.txt`: the `go.mod` beside it says the same.\n"
      "* Of Go's own sources the modules that make parts of them, and the archives of their tests: nothing "
      "there is built into what Go installs.\n"
      "* Recipes of what is not installed: Homebrew's taps, snapcraft's files.\n"
      "* Packages that dpkg or opkg left `half-installed`: a note names them, for nobody knows what of them "
      "is there. "
      "What was unpacked and not set up (`unpacked`, `half-configured`) counts, and a note says so.\n"
      "* Models (GGUF, safetensors), extensions of Chrome and Firefox: no advisory names them. Workflows of "
      "GitHub: mostly they name a tag that moves.\n"
      "* Archives that are no tar and no zip (`.deb`, `.rpm`, `.snap`, squashfs; not one that apt, dnf, "
      "zypper, apk or pacman keeps of just what is installed), in tar archives package "
      "databases, members of more "
      "than 16 MiB and other\n  archives: a note says so. `.gem`, `.crate` and npm's cache: what they hold "
      "is found where it lies unpacked; what an extension in a `.vsix` archive brings along is not.\n"
      "* RAR archives, and the caches of Conan 2 but for what their packages were built with.\n"
      "* Python packages of an `egg-info` folder that a higher layer deleted: they have no list of files by "
      "which to see that they are "
      "still there.\n";
  return out;
}

TEST(CatalogersDocument, is_what_the_rows_say) {
  const fixture::fs::path file = fixture::fs::path(PEEKR_SOURCE_DIR) / "docs" / "catalogers.md";
  if (std::getenv("PEEKR_ACCEPT") != nullptr) std::ofstream(file, std::ios::binary) << document();
  EXPECT_EQ(fixture::slurp(file), document()) << "run this test with PEEKR_ACCEPT=1";
}

}  // namespace
}  // namespace peekr
