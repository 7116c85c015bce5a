// SPDX-License-Identifier: Apache-2.0
// Cargo's lock file (doc.rust-lang.org/cargo, "Cargo.lock"), versions 1 to 4: a table [[package]] for each crate. Those
// without a source are the project's own.
#include <array>
#include <string>

#include "base/toml.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  TomlReader reader(file.bytes);
  TomlTable table;
  bool any = false;
  while (reader.next(table)) {
    any = any || !table.name.empty() || !table.raw("version").empty();
    if (table.name != "package") continue;
    add_named(
        {.type = "cargo", .name = table.text("name"), .version = table.text("version"), .path = file.path},
        found, notes);
  }
  if (reader.bad_lines() > 0)
    notes.add(Why::damaged, std::to_string(reader.bad_lines()) + " lines are no TOML");
  if (!any) notes.add(Why::damaged, "neither a package nor a version");
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/Cargo.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger cargo_lock;
constexpr Cataloger cargo_lock = {.name = "cargo_lock",
                                  .about = "Rust crates that a lock file of Cargo asks for",
                                  .version = 4,
                                  .wants = kWants,
                                  .declares = true,
                                  .run = run};
}  // namespace catalogers

}  // namespace peekr
