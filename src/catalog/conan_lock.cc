// SPDX-License-Identifier: Apache-2.0
// C and C++ packages that a lock file of Conan asks for (docs.conan.io):
//
//   conan.lock   Conan 1   {"graph_lock": {"nodes": {"1": {"ref": "zlib/1.2.13@user/channel#revision"}}}}
//                Conan 2   {"version": "0.5", "requires": ["zlib/1.2.13#revision%time"], "build_requires": [...]}
//
// What builds (build_requires) is not in what is built.
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

void add(std::string_view reference, const File& file, Inventory& found, FileNotes& notes) {
  const auto [name, version] = cut(reference.substr(0, reference.find_first_of("@#%")), '/');
  add_named({.type = "conan", .name = std::string(name), .version = std::string(version), .path = file.path},
            found, notes);
}

void read_graph(object nodes, const File& file, Inventory& found, FileNotes& notes) {
  for (const auto [key, value] : nodes) {
    object node;
    if (value.get(node) != simdjson::SUCCESS) {
      notes.add(Why::damaged, "node " + peekr::quoted(key) + ": not an object");
    } else if (const std::string reference = json_text(node, "ref"); !reference.empty()) {
      add(reference, file, found, notes);  // without: the conanfile of the project itself
    }
  }
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, graph, nodes;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.at_key("graph_lock").get(graph) == simdjson::SUCCESS &&
      graph.at_key("nodes").get(nodes) == simdjson::SUCCESS) {
    read_graph(nodes, file, found, notes);
  } else if (root.at_key("requires").error() == simdjson::SUCCESS) {
    for (const std::string& reference : json_texts(root, "requires")) add(reference, file, found, notes);
  } else {
    notes.add(Why::damaged, "neither graph_lock nor requires");
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/conan.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger conan_lock;
constexpr Cataloger conan_lock = {.name = "conan_lock",
                                  .about = "C and C++ packages that a lock file of Conan asks for",
                                  .version = 1,
                                  .wants = kWants,
                                  .declares = true,
                                  .run = run};
}  // namespace catalogers

}  // namespace peekr
