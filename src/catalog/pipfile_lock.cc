// SPDX-License-Identifier: Apache-2.0
// Pipenv's lock file (pipenv.pypa.io): Pipfile.lock. "develop" is for those who develop the program, and left out.
//
//   {"default": {"django": {"hashes": [..], "index": "pypi", "version": "==2.2"}}, "develop": {..}}
#include <simdjson.h>

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
  object root, packages;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root["default"].get(packages) != simdjson::SUCCESS)
    return notes.add(Why::damaged, "no default packages");
  for (const auto& [name, value] : packages) {
    object fields;
    if (value.get(fields) != simdjson::SUCCESS) {
      notes.add(Why::damaged, peekr::quoted(name) + ": not an object");
      continue;
    }
    std::string version = json_text(fields, "version");
    if (version.empty() && (!json_text(fields, "path").empty() || !json_text(fields, "git").empty())) {
      notes.add(Why::unsupported, peekr::quoted(name) + ": taken from elsewhere, its version is not known");
      continue;
    }
    version.erase(0, std::min(version.find_first_not_of('='), version.size()));
    add_named({.type = "pypi", .name = std::string(name), .version = std::move(version), .path = file.path},
              found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/Pipfile.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger pipfile_lock;
constexpr Cataloger pipfile_lock = {.name = "pipfile_lock",
                                    .about = "Python packages that a lock file of Pipenv asks for",
                                    .version = 1,
                                    .wants = kWants,
                                    .declares = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
