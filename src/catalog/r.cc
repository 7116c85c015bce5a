// SPDX-License-Identifier: Apache-2.0
// R packages (r-project.org, "Writing R Extensions", 1.1.1): usr/lib/R/library/<name>/DESCRIPTION, headers as in dpkg's files.
// The header "Built" is what installing adds: without it the file belongs to sources.
#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  Stanza stanza;
  if (!StanzaReader(file.bytes, "Package").next(stanza)) return;
  if (!stanza.has("Package") || !stanza.has("Built")) return;
  FileNotes notes(file.path, found);
  Package package{.type = "cran",
                  .name = std::string(stanza.value("Package")),
                  .version = std::string(stanza.value("Version")),
                  .maintainer = std::string(stanza.value("Maintainer")),
                  .path = file.path};
  if (const std::string_view license = stanza.value("License"); !license.empty())
    package.licenses.emplace_back(license);
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/DESCRIPTION"};

}  // namespace

namespace catalogers {
extern const Cataloger r;
constexpr Cataloger r = {
    .name = "r", .about = "installed R packages", .version = 1, .wants = kWants, .run = run};
}  // namespace catalogers

}  // namespace peekr
