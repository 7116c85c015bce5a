// SPDX-License-Identifier: Apache-2.0
// Deno's lock file (docs.deno.com, "Integrity Checking and Lock Files"), of which npm's packages have advisories:
//
//   version 4, 5   {"npm": {"chalk@5.3.0": {..}, "react-dom@18.2.0_react@18.2.0": {..}}, "jsr": {..}}    what it is resolved with follows
//   version 3      {"packages": {"npm": {"chalk@5.3.0": {..}}}}
//   version 2      {"npm": {"packages": {"chalk@5.3.0": {..}}}}
#include <simdjson.h>

#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::object;

// Those of npm, wherever the version has them; false: there are none.
bool find_packages(object root, object& packages) {
  object outer;
  if (root.at_key("packages").get(outer) == simdjson::SUCCESS) root = outer;
  if (root.at_key("npm").get(packages) != simdjson::SUCCESS) return false;
  if (packages.at_key("packages").get(outer) == simdjson::SUCCESS) packages = outer;
  return true;
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, packages;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.at_key("version").error() != simdjson::SUCCESS) return notes.add(Why::damaged, "no version");
  if (!find_packages(root, packages)) return;
  for (const auto& [key, value] : packages) {
    const std::size_t at = key.empty() ? std::string_view::npos : key.find('@', 1);
    const std::string_view version = at == std::string_view::npos ? std::string_view() : key.substr(at + 1);
    add_named({.type = "npm",
               .name = std::string(key.substr(0, at)),
               .version = std::string(version.substr(0, version.find('_'))),
               .path = file.path},
              found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/deno.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger deno_lock;
constexpr Cataloger deno_lock = {.name = "deno_lock",
                                 .about = "Node.js packages that a lock file of Deno asks for",
                                 .version = 1,
                                 .wants = kWants,
                                 .declares = true,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
