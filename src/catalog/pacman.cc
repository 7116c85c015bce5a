// SPDX-License-Identifier: Apache-2.0
// pacman (Arch Linux and its relatives): a folder for each installed package (alpm-db-desc(5), alpm-db-files(5)):
//
//   var/lib/pacman/local/gawk-5.3.1-1/desc    blocks: a line %NAME%, lines of values, an empty line
//   var/lib/pacman/local/gawk-5.3.1-1/files   the same: %FILES% has the paths, those of folders with a slash at the end
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

// Calls use(block, value) for each line of a value.
template <class Use>
void each_value(std::string_view bytes, const Use& use) {
  std::string_view block;
  while (!bytes.empty()) {
    const std::string_view line = next_line(bytes);
    if (line.empty()) {
      block = {};
    } else if (block.empty() && line.size() > 2 && line.starts_with('%') && line.ends_with('%')) {
      block = line;
    } else if (!block.empty()) {
      use(block, line);
    }
  }
}

PackedTexts files_of(const File& file) {
  PackedTexts files;
  const File::Neighbour* list = file.neighbour(std::string(file.path.folder()) + "/files");
  if (list == nullptr) return files;
  each_value(list->bytes, [&](std::string_view block, std::string_view value) {
    if (block == "%FILES%" && !value.ends_with('/')) files.push_back(Path(value).str());
  });
  sort_unique(files);
  return files;
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  Package package{.type = "alpm", .files = files_of(file), .path = file.path};
  each_value(file.bytes, [&](std::string_view block, std::string_view value) {
    if (block == "%NAME%") package.name = value;
    if (block == "%VERSION%") package.version = value;
    if (block == "%BASE%") package.source = value;
    if (block == "%ARCH%") package.arch = value;
    if (block == "%PACKAGER%") package.maintainer = value;
    if (block == "%LICENSE%") package.licenses.emplace_back(value);
  });
  if (package.source.empty()) package.source = package.name;
  package.source_version = package.version;
  note_if_cut_short(file, notes);
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/var/lib/pacman/local/*/desc"};
constexpr std::array<Pattern, 1> kReads = {"**/var/lib/pacman/local/*/files"};

}  // namespace

namespace catalogers {
extern const Cataloger pacman;
constexpr Cataloger pacman = {.name = "pacman",
                              .about = "pacman packages (Arch Linux): descriptions, owned files",
                              .version = 1,
                              .wants = kWants,
                              .reads = kReads,
                              .of_system = true,
                              .run = run};
}  // namespace catalogers

}  // namespace peekr
