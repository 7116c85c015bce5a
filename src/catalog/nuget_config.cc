// SPDX-License-Identifier: Apache-2.0
// The older list of NuGet (learn.microsoft.com, "packages.config reference"):
//
//   <packages><package id="Newtonsoft.Json" version="6.0.4" targetFramework="net45" developmentDependency="true"/></packages>
#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/stanza.h"
#include "lib/xml.h"

namespace peekr {
namespace {

// An element of a list, a bad one of which must not lose the others.
void add(std::string_view bytes, const File& file, Inventory& found, FileNotes& notes) {
  const Result<Xml> package = Xml::parse(bytes);
  if (!package) return notes.add(Why::damaged, package.error().message);
  const XmlNode root = package->root();
  if (root.name() != "package" || root.attribute("developmentDependency") == "true") return;
  add_named({.type = "nuget",
             .name = std::string(root.attribute("id")),
             .version = std::string(root.attribute("version")),
             .path = file.path},
            found, notes);
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  XmlPieces pieces(file.bytes, 1);
  XmlPiece piece;
  while (true) {
    const Result<bool> more = pieces.next(piece);
    if (!more) notes.add(Why::damaged, more.error().message);
    if (!more || !*more) break;
    add(piece.bytes, file, found, notes);
  }
  if (file.bytes.find("<packages") == std::string_view::npos) notes.add(Why::damaged, "no packages");
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/packages.config"};

}  // namespace

namespace catalogers {
extern const Cataloger nuget_config;
constexpr Cataloger nuget_config = {.name = "nuget_config",
                                    .about = ".NET packages that a packages.config asks for",
                                    .version = 1,
                                    .wants = kWants,
                                    .declares = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
