// SPDX-License-Identifier: Apache-2.0
// What NuGet has restored for a project, in the folder that it is built in (learn.microsoft.com, "project.assets.json"):
//
//   obj/project.assets.json   {"version": 3, "libraries": {"Newtonsoft.Json/13.0.1": {"type": "package"}, "Lib/1.0.0": {"type": "project"}}}
#include <simdjson.h>

#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::object;

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, libraries;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.at_key("libraries").get(libraries) != simdjson::SUCCESS)
    return notes.add(Why::damaged, "no libraries");
  for (const auto& [key, value] : libraries) {
    object library;
    if (value.get(library) != simdjson::SUCCESS) {
      notes.add(Why::damaged, peekr::quoted(key) + ": not an object");
    } else if (json_text(library, "type") == "package") {
      const auto [name, version] = cut(key, '/');
      add_named(
          {.type = "nuget", .name = std::string(name), .version = std::string(version), .path = file.path},
          found, notes);
    }
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/project.assets.json"};

}  // namespace

namespace catalogers {
extern const Cataloger nuget_assets;
constexpr Cataloger nuget_assets = {.name = "nuget_assets",
                                    .about = ".NET packages that NuGet has restored to build a project",
                                    .version = 1,
                                    .wants = kWants,
                                    .declares = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
