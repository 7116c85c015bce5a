// SPDX-License-Identifier: Apache-2.0
// Node.js packages that npm, yarn or pnpm installed (docs.npmjs.com, "package.json"):
// node_modules/<name>/package.json and node_modules/@<scope>/<name>/package.json. One deeper in a package
// ({"type": "module"}, test data) is none.
#include <simdjson.h>

#include <array>
#include <string>
#include <vector>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

bool has(object from, std::string_view key) { return from.at_key(key).error() == simdjson::SUCCESS; }

// "MIT", or as old packages have it {"type": "MIT", "url": ..}.
void add_license(element value, std::vector<std::string>& licenses) {
  std::string_view word;
  object fields;
  if (value.get(word) == simdjson::SUCCESS) {
    if (!word.empty()) licenses.emplace_back(word);
  } else if (value.get(fields) == simdjson::SUCCESS) {
    if (std::string type = json_text(fields, "type"); !type.empty()) licenses.push_back(std::move(type));
  }
}

std::vector<std::string> licenses_of(object package) {
  std::vector<std::string> licenses;
  for (const std::string_view key : {"license", "licenses"}) {
    element value;
    array list;
    if (package.at_key(key).get(value) != simdjson::SUCCESS) continue;
    if (value.get(list) != simdjson::SUCCESS) {
      add_license(value, licenses);
      continue;
    }
    for (const element item : list) add_license(item, licenses);
  }
  return licenses;
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object fields;
  const auto note = [&](const std::string& what) { found.notes.push_back({file.path, Why::damaged, what}); };
  if (!read_json(parser, file, found, fields)) return;
  Package package{.type = "npm",
                  .name = json_text(fields, "name"),
                  .version = json_text(fields, "version"),
                  .licenses = licenses_of(fields),
                  .path = file.path};
  // Neither is there: settings for a folder of modules, not the file that npm installed.
  if (!has(fields, "name") && !has(fields, "version")) return;
  if (package.name.empty() || package.version.empty()) {
    return note(package.name.empty() ? "no name" : peekr::quoted(package.name) + ": no version");
  }
  found.packages.push_back(std::move(package));
}

constexpr std::array<Pattern, 2> kWants = {"**/node_modules/*/package.json",
                                           "**/node_modules/@*/*/package.json"};

}  // namespace

namespace catalogers {
extern const Cataloger npm;
constexpr Cataloger npm = {.name = "npm",
                           .about = "installed Node.js packages: package.json in node_modules",
                           .version = 1,
                           .wants = kWants,
                           .run = run};
}  // namespace catalogers

}  // namespace peekr
