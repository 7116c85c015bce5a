// SPDX-License-Identifier: Apache-2.0
// C and C++ packages in a cache of Conan (docs.conan.io/1, "Package files"): what a package was built with, the package by its folder.
//
//   .conan/data/zlib/1.2.13/_/_/package/<id>/conaninfo.txt   [requires]
//                                                                zlib/1.2.Z
//                                                            [full_requires]
//                                                                zlib/1.2.13:6af9cc7cb931c5ad942174fd7838eb655717c709
//
// Conan 2 has [requires] alone, with revisions: "zlib/1.2.13#<revision>:<id>#<revision>"; its folders say nothing.
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr std::string_view kFull = "[full_requires]", kRequires = "[requires]";

// .../data/NAME/VERSION/USER/CHANNEL/package/ID
Package of_folder(const Path& path) {
  const std::vector<std::string_view> parts = split(path.folder(), '/');
  constexpr std::size_t kParts = 7;
  if (parts.size() < kParts) return {};
  const std::size_t first = parts.size() - kParts;
  if (parts[first] != "data" || parts[first + 5] != "package") return {};
  return {.type = "conan",
          .name = std::string(parts[first + 1]),
          .version = std::string(parts[first + 2]),
          .path = path};
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  if (Package own = of_folder(file.path); !own.name.empty()) found.add(std::move(own));
  const std::string_view wanted = file.bytes.find(kFull) == std::string_view::npos ? kRequires : kFull;
  std::string_view section;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = trim(next_line(rest));
    if (line.starts_with('[')) section = line;
    if (line.empty() || line.starts_with('[') || section != wanted) continue;
    const auto [name, version] = cut(line.substr(0, line.find_first_of("@#:")), '/');
    if (wanted == kRequires && (version.ends_with(".Z") || version.ends_with(".Y"))) {
      notes.add(Why::unsupported, peekr::quoted(line) + ": which version is not said, only its series");
      continue;
    }
    add_named(
        {.type = "conan", .name = std::string(name), .version = std::string(version), .path = file.path},
        found, notes);
  }
  if (section.empty()) notes.add(Why::damaged, "no section");
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/conaninfo.txt"};

}  // namespace

namespace catalogers {
extern const Cataloger conan_info;
constexpr Cataloger conan_info = {.name = "conan_info",
                                  .about = "C and C++ packages in a cache of Conan",
                                  .version = 1,
                                  .wants = kWants,
                                  .run = run};
}  // namespace catalogers

}  // namespace peekr
