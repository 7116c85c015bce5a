// SPDX-License-Identifier: Apache-2.0
// Portage (Gentoo): a folder for each installed package (Package Manager Specification, "VDB"), a file for each fact:
//
//   var/db/pkg/dev-libs/openssl-3.0.9-r1/PF         openssl-3.0.9-r1
//   var/db/pkg/dev-libs/openssl-3.0.9-r1/LICENSE    Apache-2.0
//   var/db/pkg/dev-libs/openssl-3.0.9-r1/CONTENTS   obj /usr/lib64/libssl.so.3 <md5> <time>, sym /a -> b <time>, dir /usr
//
// The category belongs to the name: there are packages of one name in several.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

std::string_view neighbour_bytes(const File& file, std::string_view name) {
  const File::Neighbour* found = file.neighbour(std::string(file.path.folder()) + "/" + std::string(name));
  return found == nullptr ? std::string_view() : found->bytes;
}

struct Content {
  std::string_view path;  // empty: the line has none
  std::optional<Checksum> sum = {};
};

// Paths may have blanks, what stands behind them has none.
Content content_of(std::string_view line) {
  const bool link = line.starts_with("sym ");
  line.remove_prefix(4);
  const std::size_t time = line.rfind(' ');
  const std::size_t end = link                                          ? line.find(" -> ")
                          : time == std::string_view::npos || time == 0 ? std::string_view::npos
                                                                        : line.rfind(' ', time - 1);
  if (end == std::string_view::npos) return {};
  if (link) return {line.substr(0, end)};
  return {line.substr(0, end), Checksum::of_hex(Checksum::Kind::md5, line.substr(end + 1, time - end - 1))};
}

void add_files(const File& file, Package& package, FileNotes& notes) {
  for (std::string_view rest = neighbour_bytes(file, "CONTENTS"); !rest.empty();) {
    const std::string_view line = next_line(rest);
    constexpr std::array<std::string_view, 3> kOthers = {"dir ", "fif ", "dev "};
    if (line.empty() || std::ranges::any_of(kOthers, [&](auto kind) { return line.starts_with(kind); }))
      continue;
    const bool owned = line.starts_with("obj ") || line.starts_with("sym ");
    const Content one = owned ? content_of(line) : Content();
    if (one.path.empty()) {
      notes.add(Why::damaged, "CONTENTS: not a line of it: " + peekr::quoted(line));
      continue;
    }
    const Path path(one.path);
    package.files.push_back(path.str());
    if (one.sum) package.checksums.push_back({file_key(path.str()), *one.sum});
  }
  sort_unique(package.files);
  std::ranges::sort(package.checksums);
}

// "Getopt-Long-2.580.0-r1": the version starts at the last hyphen before a digit; "-r1" is its revision.
std::size_t version_at(std::string_view name) {
  for (std::size_t at = name.size(); at-- > 1;) {
    if (name[at - 1] == '-' && is_digit(name[at])) return at;
  }
  return std::string_view::npos;
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const std::string_view whole = trim(file.bytes), folder = file.path.folder();
  const std::size_t at = version_at(whole);
  if (at == std::string_view::npos || at < 2 || whole.find('\n') != std::string_view::npos) {
    notes.add(Why::damaged, "not a name and a version: " + peekr::quoted(whole));
    return notes.finish();
  }
  const std::string_view around = folder.substr(0, folder.rfind('/'));
  const std::string category(around.substr(around.rfind('/') + 1));
  Package package{.type = "ebuild",
                  .name = category + "/" + std::string(whole.substr(0, at - 1)),
                  .version = std::string(whole.substr(at)),
                  .path = file.path};
  add_files(file, package, notes);
  if (const std::string_view license = trim(neighbour_bytes(file, "LICENSE")); !license.empty())
    package.licenses.emplace_back(license);
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/var/db/pkg/*/*/PF"};
constexpr std::array<Pattern, 2> kReads = {"**/var/db/pkg/*/*/CONTENTS", "**/var/db/pkg/*/*/LICENSE"};

}  // namespace

namespace catalogers {
extern const Cataloger portage;
constexpr Cataloger portage = {.name = "portage",
                               .about = "Portage packages (Gentoo): names, licences, owned files, checksums",
                               .version = 2,
                               .wants = kWants,
                               .reads = kReads,
                               .of_system = true,
                               .run = run};
}  // namespace catalogers

}  // namespace peekr
