// SPDX-License-Identifier: Apache-2.0
// Flatpak applications (docs.flatpak.org; freedesktop.org/software/appstream): each exports its description, the releases
// newest first:
//
//   var/lib/flatpak/app/<id>/<arch>/<branch>/<commit>/export/share/metainfo/<id>.metainfo.xml
//     <component><id>org.gimp.GIMP</id><project_license>GPL-3.0+</project_license>
//       <releases><release version="2.10.36" date="..."/>...
#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/packed.h"
#include "catalog/stanza.h"
#include "lib/xml.h"

namespace peekr {
namespace {

// The folder four above "export".
std::string arch_of(std::string_view folder) {
  const std::size_t app = folder.rfind("/export/");
  std::string_view above = folder.substr(0, app);
  for (int i = 0; i < 2; ++i) above = above.substr(0, above.rfind('/'));  // commit, branch
  return std::string(above.substr(above.rfind('/') + 1));
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const Result<Xml> document = Xml::parse(file.bytes);
  if (!document) {
    notes.add(why_of(document.error()), document.error().message);
    return notes.finish();
  }
  const XmlNode root = document->root();
  Package package{.type = "flatpak",
                  .name = root.child("id").text(),
                  .version = std::string(root.child("releases").child("release").attribute("version")),
                  .arch = arch_of(file.path.folder()),
                  .path = file.path};
  if (std::string license = root.child("project_license").text(); !license.empty())
    package.licenses.push_back(std::move(license));
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/flatpak/app/*/*/*/*/export/share/metainfo/*.metainfo.xml",
                                           "**/flatpak/app/*/*/*/*/export/share/appdata/*.appdata.xml"};

}  // namespace

namespace catalogers {
extern const Cataloger flatpak;
constexpr Cataloger flatpak = {
    .name = "flatpak", .about = "Flatpak applications", .version = 1, .wants = kWants, .run = run};
}  // namespace catalogers

}  // namespace peekr
