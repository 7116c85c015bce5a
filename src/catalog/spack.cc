// SPDX-License-Identifier: Apache-2.0
// Spack: every prefix that it installed says in .spack/spec.json what it is (spack.readthedocs.io, "specfile format"):
//
//   opt/spack/linux-debian12-x86_64/gcc-12.2.0/zlib-1.3-abc/.spack/spec.json
//     {"spec": {"_meta": {"version": 4}, "nodes": [{"name": "zlib", "version": "1.3", "hash": "abc...",
//               "arch": {"platform": "linux", "target": "x86_64" or {"name": "zen2"}}, "external": {...}}]}}
//
// The first node is the prefix's own; the others are what it depends on, and have prefixes of their own.
#include <simdjson.h>

#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"

namespace peekr {
namespace {

using simdjson::dom::object;

std::string target_of(object node) {
  object arch, target;
  if (node.at_key("arch").get(arch) != simdjson::SUCCESS) return {};
  if (arch.at_key("target").get(target) == simdjson::SUCCESS) return json_text(target, "name");
  return json_text(arch, "target");
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, spec;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.at_key("spec").get(spec) != simdjson::SUCCESS) {
    notes.add(Why::damaged, "no object spec");
    return notes.finish();
  }
  const std::vector<object> nodes = json_objects(spec, "nodes", notes);
  if (nodes.empty()) {
    notes.add(Why::damaged, "no node");
  } else {
    add_named({.type = "spack",
               .name = json_text(nodes.front(), "name"),
               .version = json_text(nodes.front(), "version"),
               .arch = target_of(nodes.front()),
               .path = file.path},
              found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/.spack/spec.json"};

}  // namespace

namespace catalogers {
extern const Cataloger spack;
constexpr Cataloger spack = {
    .name = "spack", .about = "Spack packages", .version = 1, .wants = kWants, .run = run};
}  // namespace catalogers

}  // namespace peekr
