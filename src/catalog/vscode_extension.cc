// SPDX-License-Identifier: Apache-2.0
// Extensions of Visual Studio Code and its relatives (code-server, openvscode-server): a list in the folder of the extensions.
//
//   .vscode-server/extensions/extensions.json
//     [{"identifier": {"id": "ms-python.python"}, "version": "2023.20.0", "relativeLocation": "ms-python.python-2023.20.0"}]
//
// The id is the publisher and the name, in whatever case (code.visualstudio.com, "Extension Manifest"); other programs keep other lists
// under that name (Firefox an object): they are none of these.
#include <simdjson.h>

#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

void add(object one, const File& file, Inventory& found, FileNotes& notes) {
  object identifier;
  if (one.at_key("identifier").get(identifier) != simdjson::SUCCESS) return;
  const std::string id = lower(json_text(identifier, "id"));
  const auto [publisher, name] = cut(id, '.');
  if (publisher.empty() || name.empty())
    return notes.add(Why::damaged, peekr::quoted(id) + ": not a publisher and a name");
  add_named({.type = "vscode-extension",
             .name = std::string(publisher) + "/" + std::string(name),
             .version = json_text(one, "version"),
             .path = file.path},
            found, notes);
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  element root;
  array list;
  if (!read_json(parser, file, found, root) || root.get(list) != simdjson::SUCCESS) return;
  FileNotes notes(file.path, found);
  for (const element item : list) {
    object one;
    if (item.get(one) == simdjson::SUCCESS) add(one, file, found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/extensions/extensions.json"};

}  // namespace

namespace catalogers {
extern const Cataloger vscode_extension;
constexpr Cataloger vscode_extension = {.name = "vscode_extension",
                                        .about = "extensions of Visual Studio Code and its relatives",
                                        .version = 1,
                                        .wants = kWants,
                                        .run = run};
}  // namespace catalogers

}  // namespace peekr
