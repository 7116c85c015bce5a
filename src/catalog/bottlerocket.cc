// SPDX-License-Identifier: Apache-2.0
// Bottlerocket: a list of what its image was built of, in place of a package database:
//
//   <arch>-bottlerocket-linux-gnu/sys-root/usr/share/bottlerocket/application-inventory.json
//     {"Content": [{"Name": "acpid", "Publisher": "Bottlerocket", "Version": "1.19.2", "Release": "29cc92cc",
//                   "Epoch": "0", "Architecture": "x86_64"}]}
#include <simdjson.h>

#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"

namespace peekr {
namespace {

void add(const File& file, simdjson::dom::object entry, Inventory& found, FileNotes& notes) {
  Package package{.type = "rpm",
                  .name = json_text(entry, "Name"),
                  .version = json_text(entry, "Version"),
                  .arch = json_text(entry, "Architecture"),
                  .vendor = json_text(entry, "Publisher"),
                  .path = file.path};
  if (const std::string release = json_text(entry, "Release"); !release.empty() && !package.version.empty())
    package.version += "-" + release;
  const std::string text = json_text(entry, "Epoch");
  const std::optional<std::uint64_t> epoch = to_number(text);
  if (epoch && *epoch <= UINT32_MAX) {
    package.epoch = static_cast<std::uint32_t>(*epoch);
  } else if (!text.empty()) {
    notes.add(Why::damaged, peekr::quoted(package.name) + ": not an epoch: " + peekr::quoted(text));
  }
  package.source = package.name;
  package.source_version = package.version;
  add_named(std::move(package), found, notes);
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.at_key("Content").error() != simdjson::SUCCESS) notes.add(Why::damaged, "no list Content");
  for (const simdjson::dom::object entry : json_objects(root, "Content", notes))
    add(file, entry, found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/usr/share/bottlerocket/application-inventory.json"};

}  // namespace

namespace catalogers {
extern const Cataloger bottlerocket;
constexpr Cataloger bottlerocket = {.name = "bottlerocket",
                                    .about = "Bottlerocket's inventory of the packages in its image",
                                    .version = 1,
                                    .wants = kWants,
                                    .of_system = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
