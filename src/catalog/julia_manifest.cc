// SPDX-License-Identifier: Apache-2.0
// Julia packages that a manifest of Pkg asks for (pkgdocs.julialang.org/v1/toml-files):
//
//   Manifest.toml   [[deps.JSON]]            manifest_format 1.0: [[JSON]]
//                   uuid = "682c06a0-..."
//                   version = "0.21.4"
//
// What comes with Julia has no version there.
#include <array>
#include <string>

#include "base/text.h"
#include "base/toml.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  TomlReader reader(file.bytes);
  TomlTable table;
  bool known = false, newer = false;
  while (reader.next(table)) {
    constexpr std::string_view kDeps = "deps.";
    newer = newer || !table.raw("manifest_format").empty();
    known = known || newer || !table.text("uuid").empty() || !table.raw("julia_version").empty();
    const bool inside = table.name.starts_with(kDeps);
    if (newer && table.name == "deps" && !table.fields.empty())
      notes.add(Why::unsupported, "packages that are no tables of their own");
    if (table.name.empty()) continue;
    const std::string name(table.name.substr(inside ? kDeps.size() : 0)), version = table.text("version");
    if (version.empty() || name.find('.') != std::string::npos) continue;  // "deps.HTTP.weakdeps"
    if (newer != inside && !name.empty())
      notes.add(Why::damaged, peekr::quoted(name) + ": its table is not where manifest_format has it");
    add_named({.type = "julia", .name = name, .version = version, .path = file.path}, found, notes);
  }
  if (!known && !trim(file.bytes).empty()) notes.add(Why::damaged, "not a manifest of Julia");
  if (reader.bad_lines() > 0)
    notes.add(Why::damaged, std::to_string(reader.bad_lines()) + " lines are no TOML");
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/Manifest.toml", "**/JuliaManifest.toml"};

}  // namespace

namespace catalogers {
extern const Cataloger julia_manifest;
constexpr Cataloger julia_manifest = {.name = "julia_manifest",
                                      .about = "Julia packages that a manifest asks for",
                                      .version = 3,
                                      .wants = kWants,
                                      .declares = true,
                                      .run = run};
}  // namespace catalogers

}  // namespace peekr
