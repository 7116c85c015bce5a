// SPDX-License-Identifier: Apache-2.0
// CocoaPods that a lock file asks for (guides.cocoapods.org):
//
//   Podfile.lock   PODS:
//                    - AFNetworking/NSURLSession (4.0.1):
//                      - AFNetworking/Reachability
//                    - GlossButtonNode (3.1.2)
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"
#include "catalog/yaml_file.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  const std::optional<Yaml> root = read_yaml(file, found);
  if (!root) return;
  FileNotes notes(file.path, found);
  const Yaml* pods = yaml_field(*root, "PODS");
  if (pods == nullptr) notes.add(Why::damaged, "no list PODS");
  for (const Yaml& pod : pods == nullptr ? std::vector<Yaml>() : pods->items) {
    // With dependencies it is a map of one field.
    const auto [name, rest] = cut(pod.fields.empty() ? pod.text : pod.fields.front().key, ' ');
    add_named({.type = "cocoapods",
               .name = std::string(name),
               .version = std::string(cut(cut(rest, '(').second, ')').first),
               .path = file.path},
              found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/Podfile.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger podfile_lock;
constexpr Cataloger podfile_lock = {.name = "podfile_lock",
                                    .about = "CocoaPods that a lock file asks for",
                                    .version = 1,
                                    .wants = kWants,
                                    .declares = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
