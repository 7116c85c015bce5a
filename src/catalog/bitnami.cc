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

void read_list(const File& file, object root, Inventory& found, FileNotes& notes) {
  for (const auto [name, value] : root) {
    object one;
    if (value.get(one) != simdjson::SUCCESS) {
      notes.add(Why::damaged, peekr::quoted(name) + ": not an object");
      continue;
    }
    add_named({.type = "bitnami",
               .name = std::string(name),
               .version = json_text(one, "version"),
               .arch = json_text(one, "arch"),
               .path = file.path},
              found, notes);
  }
}

void read_document(const File& file, object root, Inventory& found, FileNotes& notes) {
  for (const SbomComponent& one : read_spdx(root, notes)) {
    const std::optional<Purl> purl = parse_purl(one.purl);
    if (!purl || purl->type != "bitnami") continue;
    Package package = package_of(*purl);
    package.arch = purl->qualifier("arch");
    package.licenses = one.licenses;
    package.path = file.path;
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

namespace catalogers {
extern const Cataloger bitnami;
constexpr Cataloger bitnami = {.name = "bitnami",
                               .about = "applications that Bitnami built, and their parts",
                               .version = 1,
                               .wants = kWants,
                               .run = run};
}  // namespace catalogers

}  // namespace peekr
