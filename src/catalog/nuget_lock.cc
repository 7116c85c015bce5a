// SPDX-License-Identifier: Apache-2.0
// NuGet's lock file (learn.microsoft.com, "Locking dependencies"): packages.lock.json.
//
//   {"version": 1, "dependencies": {"net6.0": {"Newtonsoft.Json": {"type": "Direct", "resolved": "12.0.3"}}}}
#include <simdjson.h>

#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::object;

void read_framework(object packages, const File& file, Inventory& found, FileNotes& notes) {
  for (const auto& [name, value] : packages) {
    object fields;
    if (value.get(fields) != simdjson::SUCCESS) {
      notes.add(Why::damaged, peekr::quoted(name) + ": not an object");
    } else if (json_text(fields, "type") != "Project") {
      add_named({.type = "nuget",
                 .name = std::string(name),
                 .version = json_text(fields, "resolved"),
                 .path = file.path},
                found, notes);
    }
  }
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, frameworks;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root["dependencies"].get(frameworks) != simdjson::SUCCESS)
    return notes.add(Why::damaged, "no dependencies");
  for (const auto& [name, value] : frameworks) {
    object packages;
    if (value.get(packages) == simdjson::SUCCESS) {
      read_framework(packages, file, found, notes);
    } else {
      notes.add(Why::damaged, peekr::quoted(name) + ": not an object");
    }
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/packages.lock.json"};

}  // namespace

namespace catalogers {
extern const Cataloger nuget_lock;
constexpr Cataloger nuget_lock = {.name = "nuget_lock",
                                  .about = ".NET packages that a lock file of NuGet asks for",
                                  .version = 1,
                                  .wants = kWants,
                                  .declares = true,
                                  .run = run};
}  // namespace catalogers

}  // namespace peekr
