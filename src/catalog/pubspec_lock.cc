// SPDX-License-Identifier: Apache-2.0
// Dart packages that a lock file of pub asks for (dart.dev/tools/pub):
//
//   pubspec.lock   packages:
//                    crypto: {dependency: "direct main", source: hosted, version: "3.0.2"}
//
// What comes with the SDK has the version 0.0.0.
#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/stanza.h"
#include "catalog/yaml_file.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  const std::optional<Yaml> root = read_yaml(file, found);
  if (!root) return;
  FileNotes notes(file.path, found);
  const Yaml* packages = yaml_field(*root, "packages");
  if (packages == nullptr) {
    notes.add(Why::damaged, "no map packages");
    return notes.finish();
  }
  for (const auto& [name, one] : packages->fields) {
    add_named({.type = "pub", .name = name, .version = yaml_text(one, "version"), .path = file.path}, found,
              notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/pubspec.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger pubspec_lock;
constexpr Cataloger pubspec_lock = {.name = "pubspec_lock",
                                    .about = "Dart packages that a lock file of pub asks for",
                                    .version = 1,
                                    .wants = kWants,
                                    .declares = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
