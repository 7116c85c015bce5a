// SPDX-License-Identifier: Apache-2.0
// What Bitnami built: an SPDX document beside each application says what it and its parts are, in Bitnami's own numbering, by
// which it publishes advisories. Older images have one list instead.
//
//   opt/bitnami/redis/.spdx-redis.spdx       packages with purls "pkg:bitnami/redis@7.4.0-0?arch=arm64&distro=debian-12"
//   opt/bitnami/.bitnami_components.json     {"redis": {"version": "6.2.7-0", "arch": "amd64", "distro": "debian-11"}}
//
// Packages of other types in such a document are claims like those of any SBOM: catalog/sbom.cc has them.
#include <simdjson.h>

#include <array>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/pattern.h"
#include "catalog/sbom.h"
#include "model/purl.h"

namespace peekr {
namespace {

using simdjson::dom::object;

constexpr Pattern kDocument = "**/bitnami/*/.spdx-*.spdx";
constexpr std::array<Pattern, 2> kWants = {kDocument, "**/bitnami/.bitnami_components.json"};

// With what it was built for: "debian-12". catalog() leaves such a package URL as it is.
void set_purl(Package& package, std::string_view distro) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789-._";
  package.purl = purl(package, {});
  if (distro.empty() || distro.find_first_not_of(kPlain) != std::string_view::npos) return;
  package.purl += (package.arch.empty() ? "?distro=" : "&distro=") + std::string(distro);
}

void read_list(const File& file, object root, Inventory& found, FileNotes& notes) {
  for (const auto [name, value] : root) {
    object one;
    if (value.get(one) != simdjson::SUCCESS) {
      notes.add(Why::damaged, peekr::quoted(name) + ": not an object");
      continue;
    }
    Package package{.type = "bitnami",
                    .name = std::string(name),
                    .version = json_text(one, "version"),
                    .arch = json_text(one, "arch"),
                    .path = file.path};
    set_purl(package, json_text(one, "distro"));
    add_named(std::move(package), found, notes);
  }
}

void read_document(const File& file, object root, Inventory& found, FileNotes& notes) {
  for (const SbomComponent& one : read_spdx(root, notes)) {
    const std::optional<Purl> said = parse_purl(one.purl);
    if (!said || said->type != "bitnami") continue;
    Package package = package_of(*said);
    package.arch = said->qualifier("arch");
    package.licenses = one.licenses;
    package.path = file.path;
    set_purl(package, said->qualifier("distro"));
    add_named(std::move(package), found, notes);
  }
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (is_of_bitnami(file.path)) {
    read_document(file, root, found, notes);
  } else {
    read_list(file, root, found, notes);
  }
  notes.finish();
}

}  // namespace

bool is_of_bitnami(const Path& path) { return matches(kDocument, path.str()); }

std::string bitnami_folder(const Package& package) {
  if (package.type != "bitnami" || package.claimed || package.by_content) return {};
  const std::string folder(package.path.folder());
  return is_of_bitnami(package.path) ? folder : folder + "/" + package.name;
}

namespace catalogers {
extern const Cataloger bitnami;
constexpr Cataloger bitnami = {.name = "bitnami",
                               .about = "applications that Bitnami built, and their parts",
                               .version = 2,
                               .wants = kWants,
                               .run = run};
}  // namespace catalogers

}  // namespace peekr
