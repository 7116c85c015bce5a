// SPDX-License-Identifier: Apache-2.0
// SBOMs that lie in an image: what somebody says is in it, or was in something else. Packages of them are marked `claimed`,
// and count only where nothing better is known: see catalog/claimed.h. Formats: catalog/sbom.h.
#include "catalog/sbom.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/vcpkg.h"
#include "model/purl.h"

namespace peekr {
namespace {

using simdjson::dom::object;

SbomComponents read_document(object root, FileNotes& notes) {
  if (json_text(root, "bomFormat") == "CycloneDX") return read_cyclonedx(root, notes);
  if (root.at_key("spdxVersion").error() == simdjson::SUCCESS) return read_spdx(root, notes);
  if (root.at_key("artifacts").error() == simdjson::SUCCESS) return read_syft(root, notes);
  notes.add(Why::unsupported, "an SBOM of a format that is not read");
  return {};
}

void add_all(const SbomComponents& all, const File& file, Inventory& found, FileNotes& notes) {
  const bool of_bitnami = is_of_bitnami(file.path);
  for (const SbomComponent& one : all) {
    const bool catalogued = of_bitnami && one.purl.starts_with("pkg:bitnami/");
    if (!catalogued) add_component(one, file, found, notes);
  }
}

void run(const File& file, Inventory& found) {
  if (is_of_vcpkg(file.path)) return;  // catalog/vcpkg.cc reads it
  FileNotes notes(file.path, found);
  const std::string_view start = trim(file.bytes.substr(0, 4096));
  if (start.starts_with('<')) {
    notes.add(Why::unsupported, "an SBOM in XML is not read");
  } else if (!start.starts_with('{') && start.find("SPDXVersion:") != std::string_view::npos) {
    add_all(read_spdx_tags(file.bytes), file, found, notes);
  } else {
    simdjson::dom::parser parser;
    object root;
    if (read_json(parser, file, found, root)) add_all(read_document(root, notes), file, found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 10> kWants = {"**/*.cdx",       "**/*.cdx.json", "**/*.spdx", "**/*.spdx.json",
                                            "**/*.syft.json", "**/*.bom.json", "**/*.sbom", "**/*.sbom.json",
                                            "**/bom.json",    "**/sbom.json"};

}  // namespace

void add_component(const SbomComponent& component, const File& file, Inventory& found, FileNotes& notes) {
  // Containers, and the repositories of sources that melange's documents (Wolfi) name beside their package.
  constexpr std::array<std::string_view, 4> kNoPackages = {"bitbucket", "docker", "github", "oci"};
  const std::optional<Purl> purl = parse_purl(component.purl);
  if (purl && std::ranges::find(kNoPackages, purl->type) != kNoPackages.end()) return;
  Package package = purl ? package_of(*purl) : Package{.type = "generic", .name = component.name};
  if (package.version.empty()) package.version = component.version;
  if (purl) package.purl = component.purl;  // for settle_claimed()
  package.licenses = component.licenses;
  package.cpes = component.cpes;
  package.path = file.path;
  package.claimed = true;
  for (const std::string& one : component.files) package.files.push_back(Path(one).str());
  add_named(std::move(package), found, notes);
}

namespace catalogers {
extern const Cataloger sbom;
constexpr Cataloger sbom = {.name = "sbom",
                            .about = "SBOMs in the image (CycloneDX, SPDX, Syft): what they claim",
                            .version = 3,
                            .wants = kWants,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr
