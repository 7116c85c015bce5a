// SPDX-License-Identifier: Apache-2.0
// The lock file of sbt's plugin for it (github.com/stringbean/sbt-dependency-lock): build.sbt.lock. What is in test
// configurations only is left out.
//
//   {"lockVersion": 1, "dependencies": [{"org": "org.typelevel", "name": "cats-core_2.12", "version": "2.9.0",
//                                        "configurations": ["compile", "runtime", "test"]}]}
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root;
  array list;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root["dependencies"].get(list) != simdjson::SUCCESS) return notes.add(Why::damaged, "no dependencies");
  for (const element item : list) {
    object fields;
    if (item.get(fields) != simdjson::SUCCESS) {
      notes.add(Why::damaged, "a dependency that is no object");
      continue;
    }
    const std::vector<std::string> configurations = json_texts(fields, "configurations");
    const auto is_test = [](const std::string& one) { return one.starts_with("test"); };
    if (!configurations.empty() && std::ranges::all_of(configurations, is_test)) continue;
    const std::string group = json_text(fields, "org"), name = json_text(fields, "name");
    add_named({.type = "maven",
               .name = name.empty() || group.empty() ? "" : group + ":" + name,
               .version = json_text(fields, "version"),
               .path = file.path},
              found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/build.sbt.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger sbt_lock;
constexpr Cataloger sbt_lock = {.name = "sbt_lock",
                                .about = "Java and Scala artifacts that a lock file of sbt asks for",
                                .version = 1,
                                .wants = kWants,
                                .declares = true,
                                .run = run};
}  // namespace catalogers

}  // namespace peekr
