// SPDX-License-Identifier: Apache-2.0
// pacman (Arch Linux and its relatives): a folder for each installed package (alpm-db-desc(5), alpm-db-files(5)):
//
//   var/lib/pacman/local/gawk-5.3.1-1/desc    blocks: a line %NAME%, lines of values, an empty line
//   var/lib/pacman/local/gawk-5.3.1-1/files   the same: %FILES% has the paths, those of folders with a slash at the end
//   var/lib/pacman/local/gawk-5.3.1-1/mtree   gzip: a line for each file (mtree(5)): ./usr/bin/a\040b size=9 sha256digest=..; a default
//                                             for all lines that follow ("/set type=file") is never a checksum
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/packed.h"
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

// "a\040b": "a b".
std::string unescaped(std::string_view text) {
  std::string out;
  for (; !text.empty(); text.remove_prefix(1)) {
    const std::optional<std::uint64_t> byte =
        text.front() == '\\' && text.size() > 3 ? to_number(text.substr(1, 3), 8) : std::nullopt;
    out += byte && *byte < 256 ? static_cast<char>(*byte) : text.front();
    if (byte && *byte < 256) text.remove_prefix(3);
  }
  return out;
}

// The stronger one of those that the line has.
std::optional<Checksum> checksum_of(std::string_view line) {
  std::optional<Checksum> sum;
  for (const std::string_view word : split(line, ' ')) {
    const auto [key, digits] = cut(word, '=');
    if (key == "sha256digest") return Checksum::of_hex(Checksum::Kind::sha256, digits);
    if (key == "md5digest") sum = Checksum::of_hex(Checksum::Kind::md5, digits);
  }
  return sum;
}

// Of the files that are listed, one each.
std::vector<FileChecksum> checksums_of(const File& file, const PackedTexts& files, FileNotes& notes) {
  constexpr std::uint64_t kMostBytes = 64 << 20;
  std::vector<FileChecksum> sums;
  const File::Neighbour* packed = file.neighbour(std::string(file.path.folder()) + "/mtree");
  if (packed == nullptr) return sums;
  Allowance allowance(kMostBytes, file.allowance);
  const Result<std::string> lines = unpacked(packed->bytes, allowance);
  if (!lines) {
    notes.add(why_of(lines.error()), "mtree: " + lines.error().message);
    return sums;
  }
  std::unordered_set<std::uint64_t> listed;
  for (const std::string_view one : files) listed.insert(file_key(one));
  for (std::string_view rest = *lines; !rest.empty();) {
    const std::string_view line = next_line(rest);
    const std::optional<Checksum> sum = line.starts_with("./") ? checksum_of(line) : std::nullopt;
    if (!sum) continue;
    const std::uint64_t key = file_key(Path(unescaped(cut(line, ' ').first)).str());
    if (listed.erase(key) > 0) sums.push_back({key, *sum});
  }
  std::ranges::sort(sums);
  return sums;
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  Package package{.type = "alpm", .files = files_of(file), .path = file.path};
  package.checksums = checksums_of(file, package.files, notes);
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
constexpr std::array<Pattern, 2> kReads = {"**/var/lib/pacman/local/*/files",
                                           "**/var/lib/pacman/local/*/mtree"};

}  // namespace

namespace catalogers {
extern const Cataloger pacman;
constexpr Cataloger pacman = {.name = "pacman",
                              .about = "pacman packages (Arch Linux): descriptions, owned files, checksums",
                              .version = 3,
                              .wants = kWants,
                              .reads = kReads,
                              .of_system = true,
                              .run = run};
}  // namespace catalogers

}  // namespace peekr
