// SPDX-License-Identifier: Apache-2.0
// Java artifacts that the project file of Maven asks for: pom.xml in a folder of sources (catalog/java_pom.h). What is for tests
// or comes from elsewhere ("provided", "system") is left out, as is what is optional. A version that a parent has is not known
// here: a Note.
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/java_pom.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const Result<Pom> pom = parse_pom(file.bytes);
  if (!pom) {
    notes.add(Why::damaged, pom.error().message);
    return notes.finish();
  }
  for (const Pom::Dependency& one : pom->dependencies) {
    const bool elsewhere = one.scope == "test" || one.scope == "provided" || one.scope == "system";
    if (elsewhere || one.optional || one.scope == "import") continue;
    const std::string name = one.artifact.group + ":" + one.artifact.name;
    std::string version = one.artifact.version;
    if (version.starts_with('[') && version.ends_with(']') && version.find(',') == std::string::npos) {
      version = version.substr(1, version.size() - 2);  // exactly this one
    }
    if (version.empty() || version.find_first_of("[](),") != std::string::npos) {
      notes.add(Why::unsupported, peekr::quoted(name) + ": its version is not in this file");
    } else {
      const bool named = !one.artifact.group.empty() && !one.artifact.name.empty();
      add_named({.type = "maven", .name = named ? name : "", .version = version, .path = file.path}, found,
                notes);
    }
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/pom.xml"};

}  // namespace

namespace catalogers {
extern const Cataloger maven_pom;
constexpr Cataloger maven_pom = {.name = "maven_pom",
                                 .about = "Java artifacts that a pom.xml asks for",
                                 .version = 2,
                                 .wants = kWants,
                                 .declares = true,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
