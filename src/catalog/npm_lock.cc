// SPDX-License-Identifier: Apache-2.0
// npm's lock files (docs.npmjs.com, "package-lock.json"), also as npm-shrinkwrap.json. Versions 2 and 3 list packages by the
// folder they go to; what lies in no node_modules is the project itself. Version 1 has a tree:
//
//   {"packages": {"": {..}, "node_modules/ms": {"version": "2.0.0"}, "node_modules/a": {"name": "real", "version": "1.0.0"}}}
//   {"dependencies": {"ms": {"version": "2.0.0", "dependencies": {..}}, "a": {"version": "npm:real@1.0.0"}}}
//
// What only those need who develop the program ("dev") is left out.
#include <simdjson.h>

#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/declared.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kDeepest = 256;  // node_modules in node_modules

class Lock {
 public:
  Lock(const File& file, Inventory& found) : file_(file), found_(found), notes_(file.path, found) {}

  void read(object root) {
    object packages, tree;
    if (root["packages"].get(packages) == simdjson::SUCCESS) {
      for (const auto& [key, value] : packages) add_at(key, value);
    } else if (root["dependencies"].get(tree) == simdjson::SUCCESS) {
      read_tree(tree);
    } else if (root["lockfileVersion"].error() != simdjson::SUCCESS) {
      notes_.add(Why::damaged, "neither packages nor dependencies");
    }
    notes_.finish();
  }

 private:
  void add_at(std::string_view place, element value) {
    constexpr std::string_view kModules = "node_modules/";
    object fields;
    const std::size_t at = place.rfind(kModules);
    if (at == std::string_view::npos) return;  // the project, or a part of it
    if (value.get(fields) != simdjson::SUCCESS)
      return notes_.add(Why::damaged, peekr::quoted(place) + ": not an object");
    if (json_flag(fields, "link")) return;  // to such a part
    std::string name = json_text(fields, "name");
    if (name.empty()) name = place.substr(at + kModules.size());
    add(std::move(name), fields);
  }

  void read_tree(object tree) {
    std::vector<object> open = {tree};
    std::vector<std::size_t> depths = {0};
    while (!open.empty()) {
      const object at = open.back();
      const std::size_t depth = depths.back();
      open.pop_back();
      depths.pop_back();
      for (const auto& [name, value] : at) {
        object fields, inner;
        if (value.get(fields) != simdjson::SUCCESS) {
          notes_.add(Why::damaged, peekr::quoted(name) + ": not an object");
          continue;
        }
        add(std::string(name), fields);
        if (fields["dependencies"].get(inner) != simdjson::SUCCESS || depth == kDeepest) continue;
        open.push_back(inner);
        depths.push_back(depth + 1);
      }
    }
  }

  void add(std::string name, object fields) {
    if (json_flag(fields, "dev")) return;
    std::string version = json_text(fields, "version");
    if (version.starts_with("npm:")) {  // another package under this name
      const std::size_t at = version.rfind('@');
      if (at > 4 && at != std::string::npos) {
        name = version.substr(4, at - 4);
        version.erase(0, at + 1);
      }
    }
    if (!version.empty() && !is_pinned(version)) return;  // "file:../x", "git+ssh://..": no release of npm's
    add_named({.type = "npm", .name = std::move(name), .version = std::move(version), .path = file_.path},
              found_, notes_);
  }

  const File& file_;
  Inventory& found_;
  FileNotes notes_;
};

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root;
  if (read_json(parser, file, found, root)) Lock(file, found).read(root);
}

constexpr std::array<Pattern, 2> kWants = {"**/package-lock.json", "**/npm-shrinkwrap.json"};

}  // namespace

namespace catalogers {
extern const Cataloger npm_lock;
constexpr Cataloger npm_lock = {.name = "npm_lock",
                                .about = "Node.js packages that a lock file of npm asks for",
                                .version = 1,
                                .wants = kWants,
                                .declares = true,
                                .run = run};
}  // namespace catalogers

}  // namespace peekr
