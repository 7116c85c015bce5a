// SPDX-License-Identifier: Apache-2.0
// Packages that conda, mamba or pixi installed (docs.conda.io, "Conda package specification"): <environment>/conda-meta/
// NAME-VERSION-BUILD.json.
//
//   {"name": "pip", "version": "22.2.2", "build": "py38h06a4308_0", "license": "MIT", "subdir": "linux-64",
//    "files": ["bin/pip", ..]}
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::object;

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  Package package{.type = "conda",
                  .name = json_text(root, "name"),
                  .version = json_text(root, "version"),
                  .arch = json_text(root, "subdir"),
                  .licenses = json_texts(root, "license"),
                  .path = file.path};
  const std::string environment = std::string(file.path.folder()) + "/../";
  for (const std::string& name : json_texts(root, "files")) {
    if (name.empty()) continue;
    package.files.push_back(Path(environment + name).str());
  }
  sort_unique(package.files);
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/conda-meta/*.json"};

}  // namespace

namespace catalogers {
extern const Cataloger conda;
constexpr Cataloger conda = {.name = "conda",
                             .about = "packages that conda installed, with their files",
                             .version = 1,
                             .wants = kWants,
                             .run = run};
}  // namespace catalogers

}  // namespace peekr
