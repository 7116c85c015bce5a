// SPDX-License-Identifier: Apache-2.0
// The documents that SBOM tools write, each to the packages that it names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/stanza.h"
#include "model/purl.h"

namespace simdjson::dom {
class object;
}  // namespace simdjson::dom

namespace peekr {

// What all of them say of a package.
struct SbomComponent {
  std::string name, version, purl;
  std::vector<std::string> licenses;
  std::vector<std::string> cpes = {};
  std::vector<std::string> files = {};  // where it was seen; empty: not said
  std::string upstream = {};            // its source, as that qualifier of a package URL has it
  std::string modularity = {};          // the rpm module, as Package has it
  std::string vendor = {};              // who has made it; of an rpm what its header calls so
  bool system = false;                  // no package, but the operating system
  bool tool = false;                    // no package, but what has written the document: "syft", "1.4.1"
  bool subject = false;                 // what the document is about
  bool unpublished = false;             // in no registry: "private" of a package.json
};
using SbomComponents = std::vector<SbomComponent>;

// CycloneDX (cyclonedx.org/docs): components, nested, and the one that the document is about. In XML, its first bytes tell.
[[nodiscard]] SbomComponents read_cyclonedx(simdjson::dom::object root, FileNotes& notes);
[[nodiscard]] bool is_cyclonedx_xml(std::string_view head);
[[nodiscard]] SbomComponents read_cyclonedx_xml(std::string_view bytes, FileNotes& notes);
// SPDX 2 JSON (spdx.github.io/spdx-spec), its older form of "Tag: value" lines, and SPDX 3.
[[nodiscard]] SbomComponents read_spdx(simdjson::dom::object root, FileNotes& notes);
[[nodiscard]] SbomComponents read_spdx_tags(std::string_view bytes, FileNotes& notes);
[[nodiscard]] bool is_spdx3(simdjson::dom::object root);
[[nodiscard]] SbomComponents read_spdx3(simdjson::dom::object root, FileNotes& notes);
// Syft's own JSON (github.com/anchore/syft/tree/main/schema/json).
[[nodiscard]] SbomComponents read_syft(simdjson::dom::object root, FileNotes& notes);

// A text, if it says anything.
void add_text(std::string text, std::vector<std::string>& texts);
// What a field of SPDX says: nothing where it is "NOASSERTION" or "NONE".
[[nodiscard]] std::string spdx_text(std::string text);
// "Fedora Project" of "Organization: Fedora Project", of which an address may follow; empty: a person, or not said.
[[nodiscard]] std::string spdx_organization(std::string_view supplier);
// One for each package that the URLs name. Of those that name no ecosystem ("pkg:generic/..", "pkg:github/..") the
// first counts, where all do so.
void add_each(const SbomComponent& component, std::vector<std::string> purls, SbomComponents& all,
              FileNotes& notes);
// Whether it is of a type that is one of an ecosystem: no repository, no container, no "generic".
[[nodiscard]] bool names_ecosystem(const Purl& purl);
// The word that an IRI ends in: "purl" of "http://spdx.org/rdf/references/purl", and of "purl".
[[nodiscard]] std::string last_word(std::string iri);
// A field that is a package URL, which may stand as a value of JSON-LD ({"@value": ..}). Anything else is a Note: without it nothing would be
// known of the component.
[[nodiscard]] std::string json_purl(simdjson::dom::object from, std::string_view key, FileNotes& notes);
// "openssl@3.0.9-1" of what Trivy writes of a package in SPDX: "built package from: openssl 3.0.9-1".
[[nodiscard]] std::string upstream_in(std::string_view source_info);
// What SPDX 2 says of one.
struct SpdxDescription {
  SbomComponent component = {};
  std::vector<std::string> purls = {}, concluded = {};  // licences: what counts where nothing is declared
  std::string purpose = {};
  std::string id = {};  // in its document
};
// The purpose decides where there is no package URL. A system's may be "pkg:generic/debian".
void add_spdx_package(SpdxDescription package, SbomComponents& all, FileNotes& notes);
// "nodejs:16:80:ab" of "Modularitylabel: nodejs:16:80:ab" among texts; empty: there is none of that name.
[[nodiscard]] std::string spdx_remark(const std::vector<std::string>& texts, std::string_view name);
// "Tool: syft-1.4.1"; people and organizations are none.
void add_spdx_creator(std::string_view text, SbomComponents& to);
// "syft-1.4.1", "peekr 0.1.0"
[[nodiscard]] SbomComponent tool_called(std::string_view text);
// Of a document without that list, in which nothing else was found, either.
void note_if_unlisted(const SbomComponents& all, std::string_view list, bool listed, FileNotes& notes);

// One document, or one a line: its packages, and as their distribution what it says of the system. How many components there are.
std::size_t read_sbom(const File& file, Inventory& found);

// Without a version it is a note.
void add_component(const SbomComponent& component, const File& file, Inventory& found, FileNotes& notes);

// Whether this is a document of Bitnami about what it built there (catalog/bitnami.cc).
[[nodiscard]] bool is_of_bitnami(const Path& path);
// The folder of what Bitnami built; empty: it is another's package.
[[nodiscard]] std::string bitnami_folder(const Package& package);

}  // namespace peekr
