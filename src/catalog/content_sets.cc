// SPDX-License-Identifier: Apache-2.0
// Red Hat's images say which repositories they were built from: root/buildinfo/content_manifests/<image>.json, newer
// ones usr/share/buildinfo/content-sets.json: {"metadata": {..}, "content_sets": ["rhel-9-for-x86_64-baseos-rpms", ..]}
#include <simdjson.h>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"

namespace peekr {
namespace {

constexpr std::size_t kMost = 10000;

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  simdjson::dom::object fields;
  simdjson::dom::array names;
  const auto note = [&](const std::string& what) { found.notes.push_back({file.path, Why::damaged, what}); };
  if (!read_json(parser, file, found, fields)) return;
  if (fields.at_key("content_sets").get(names) != simdjson::SUCCESS) return;  // of an image without packages
  for (const simdjson::dom::element item : names) {
    std::string_view name;
    if (item.get(name) != simdjson::SUCCESS || name.empty()) {
      note("content_sets: an item is not a name");
    } else if (found.repositories.size() < kMost) {
      found.repositories.emplace_back(name);
    }
  }
}

constexpr Pattern kWants[] = {"root/buildinfo/content_manifests/*.json",
                              "usr/share/buildinfo/content-sets.json"};

}  // namespace

namespace catalogers {
extern const Cataloger content_sets;
constexpr Cataloger content_sets = {
    .name = "content_sets",
    .about = "repositories that a Red Hat image was built from",
    .version = 1,
    .wants = kWants,
    .of_system = true,
    .run = run,
};
}  // namespace catalogers

}  // namespace peekr
