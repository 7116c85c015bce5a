// SPDX-License-Identifier: Apache-2.0
// Haskell packages that a lock file of Stack asks for beside those of its snapshot (docs.haskellstack.org, "lock files"):
//
//   stack.yaml.lock   packages: [{completed: {hackage: "optparse-applicative-0.15.1.0@sha256:...,4999"}}]
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
  if (packages == nullptr) notes.add(Why::damaged, "no list packages");
  for (const Yaml& one : packages == nullptr ? std::vector<Yaml>() : packages->items) {
    const Yaml* completed = yaml_field(one, "completed");
    std::string text = completed == nullptr ? std::string() : yaml_text(*completed, "hackage");
    if (completed != nullptr && text.empty()) {  // from a repository or an archive
      add_named({.type = "hackage",
                 .name = yaml_text(*completed, "name"),
                 .version = yaml_text(*completed, "version"),
                 .path = file.path},
                found, notes);
      continue;
    }
    text = text.substr(0, text.find('@'));
    const std::size_t dash = text.rfind('-');
    Package package{.type = "hackage", .name = text.substr(0, dash), .path = file.path};
    if (dash != std::string::npos) package.version = text.substr(dash + 1);
    add_named(std::move(package), found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/stack.yaml.lock", "**/stack.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger stack_lock;
constexpr Cataloger stack_lock = {.name = "stack_lock",
                                  .about = "Haskell packages that a lock file of Stack asks for",
                                  .version = 1,
                                  .wants = kWants,
                                  .declares = true,
                                  .run = run};
}  // namespace catalogers

}  // namespace peekr
