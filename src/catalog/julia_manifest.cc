// SPDX-License-Identifier: Apache-2.0
// Julia packages that a manifest of Pkg asks for (pkgdocs.julialang.org/v1/toml-files), written by the tool, a line a field:
//
//   Manifest.toml   [[deps.JSON]]            manifest_format 1.0: [[JSON]]
//                   uuid = "682c06a0-..."
//                   version = "0.21.4"
//
// What comes with Julia has no version there.
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

std::string_view unquoted(std::string_view text) {
  return text.size() >= 2 && text.starts_with('"') && text.ends_with('"') ? text.substr(1, text.size() - 2)
                                                                          : text;
}

void add(Package& package, Inventory& found, FileNotes& notes) {
  if (!package.version.empty()) add_named(package, found, notes);
  package.name.clear();
  package.version.clear();
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  Package package{.type = "julia", .path = file.path};
  bool known = false;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = trim(next_line(rest));
    const auto [key, value] = cut(line, '=');
    if (trim(key) == "manifest_format" || trim(key) == "julia_version" || line.starts_with("[["))
      known = true;
    if (line.starts_with("[[") && line.ends_with("]]")) {
      add(package, found, notes);
      constexpr std::string_view kDeps = "deps.";
      std::string_view name = line.substr(2, line.size() - 4);
      if (name.starts_with(kDeps)) name.remove_prefix(kDeps.size());
      package.name = unquoted(name);
    } else if (trim(key) == "version") {
      package.version = unquoted(trim(value));
    }
  }
  add(package, found, notes);
  if (!known && !trim(file.bytes).empty()) notes.add(Why::damaged, "not a manifest of Julia");
  note_if_cut_short(file, notes);
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/Manifest.toml", "**/JuliaManifest.toml"};

}  // namespace

namespace catalogers {
extern const Cataloger julia_manifest;
constexpr Cataloger julia_manifest = {.name = "julia_manifest",
                                      .about = "Julia packages that a manifest asks for",
                                      .version = 1,
                                      .wants = kWants,
                                      .reads = {},
                                      .declares = true,
                                      .run = run};
}  // namespace catalogers

}  // namespace peekr
