// SPDX-License-Identifier: Apache-2.0
// R packages that renv asks for (rstudio.github.io/renv):
//
//   renv.lock   {"Packages": {"mime": {"Package": "mime", "Version": "0.7", "Source": "Repository", "Repository": "CRAN"}}}
#include <simdjson.h>

#include <array>

#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::object;

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, packages;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  if (root.at_key("Packages").get(packages) != simdjson::SUCCESS)
    notes.add(Why::damaged, "no object Packages");
  else {
    for (const auto [key, value] : packages) {
      object one;
      if (value.get(one) != simdjson::SUCCESS) {
        notes.add(Why::damaged, peekr::quoted(key) + ": not an object");
        continue;
      }
      add_named({.type = "cran",
                 .name = json_text(one, "Package"),
                 .version = json_text(one, "Version"),
                 .path = file.path},
                found, notes);
    }
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/renv.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger renv_lock;
constexpr Cataloger renv_lock = {.name = "renv_lock",
                                 .about = "R packages that a lock file of renv asks for",
                                 .version = 1,
                                 .wants = kWants,
                                 .declares = true,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
