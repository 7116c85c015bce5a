// SPDX-License-Identifier: Apache-2.0
// PHP packages of Composer (getcomposer.org) in vendor/composer/installed.json. One item of the lists:
//
//   {"name": "symfony/http-kernel", "version": "v4.4.12", "license": ["MIT"], ..}
//
// installed.json of Composer 1 is that list; of Composer 2, and composer.lock, an object that has it as "packages". composer.lock
// has "packages-dev" beside it, which Composer installs as well unless it is told not to.
#include "catalog/composer.h"

#include <simdjson.h>

#include <array>
#include <string>

#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

void read_list(array list, const File& file, Inventory& found, FileNotes& notes) {
  for (const element item : list) {
    object fields;
    if (item.get(fields) != simdjson::SUCCESS) {
      notes.add(Why::damaged, "a package that is no object");
      continue;
    }
    add_named({.type = "composer",
               .name = json_text(fields, "name"),
               .version = json_text(fields, "version"),
               .licenses = json_texts(fields, "license"),
               .path = file.path},
              found, notes);
  }
}

}  // namespace

void read_composer(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  element root;
  array list;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.get(list) == simdjson::SUCCESS || root["packages"].get(list) == simdjson::SUCCESS) {
    read_list(list, file, found, notes);
  } else {
    notes.add(Why::damaged, "no list of packages");
  }
  if (root["packages-dev"].get(list) == simdjson::SUCCESS) read_list(list, file, found, notes);
  notes.finish();
}

namespace {
constexpr std::array<Pattern, 1> kWants = {"**/composer/installed.json"};

}  // namespace

namespace catalogers {
extern const Cataloger composer;
constexpr Cataloger composer = {.name = "composer",
                                .about = "installed PHP packages of Composer",
                                .version = 1,
                                .wants = kWants,
                                .run = read_composer};
}  // namespace catalogers

}  // namespace peekr
