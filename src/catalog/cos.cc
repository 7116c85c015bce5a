// SPDX-License-Identifier: Apache-2.0
// Container-Optimized OS (cloud.google.com/container-optimized-os, "package information"):
//
//   etc/cos-package-info.json
//     {"installedPackages": [{"category": "dev-lang", "name": "python-exec", "version": "17162.336.16",
//                             "ebuild_version": "2.0.1-r1"}], "buildTimePackages": [...]}
//
// `version` is that of the image, ebuild_version that of the software. What built it is not in it.
#include <simdjson.h>

#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.at_key("installedPackages").error() != simdjson::SUCCESS)
    notes.add(Why::damaged, "no list installedPackages");
  for (const simdjson::dom::object one : json_objects(root, "installedPackages", notes)) {
    Package package{.type = "cos",
                    .name = json_text(one, "name"),
                    .version = json_text(one, "version"),
                    .path = file.path};
    const std::string category = json_text(one, "category");
    package.source = category.empty() ? package.name : category + "/" + package.name;
    package.source_version = json_text(one, "ebuild_version");
    if (package.version.empty()) package.version = package.source_version;
    add_named(std::move(package), found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"etc/cos-package-info.json"};

}  // namespace

namespace catalogers {
extern const Cataloger cos;
constexpr Cataloger cos = {.name = "cos",
                           .about = "packages of Google's Container-Optimized OS",
                           .version = 1,
                           .wants = kWants,
                           .of_system = true,
                           .run = run};
}  // namespace catalogers

}  // namespace peekr
