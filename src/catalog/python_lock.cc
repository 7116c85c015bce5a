// SPDX-License-Identifier: Apache-2.0
// Python's lock files in TOML: of Poetry, uv and PDM a table [[package]] for each distribution, of PEP 751 (pylock.toml)
// [[packages]].
//
//   [[package]]
//   name = "requests"
//   version = "2.31.0"
//   category = "dev"            Poetry before 1.5
//   groups = ["main", "docs"]   Poetry 2: what only those need who develop the program has another than "main"
//
// One that is built from a folder has no version in pylock.toml; it is a part of the project.
#include <algorithm>
#include <array>
#include <string>

#include "base/toml.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

bool is_for_developers(const File& file, const TomlTable& table) {
  if (file.path.name() != "poetry.lock") return false;
  const std::vector<std::string> groups = table.texts("groups");
  return table.text("category") == "dev" ||
         (!groups.empty() && std::ranges::find(groups, "main") == groups.end());
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  TomlReader reader(file.bytes);
  TomlTable table;
  bool any = false;
  while (reader.next(table)) {
    any = any || !table.fields.empty();
    if (!table.raw("package").empty() || !table.raw("packages").empty())
      notes.add(Why::unsupported, "packages that are no tables of their own");
    if ((table.name != "package" && table.name != "packages") || is_for_developers(file, table)) continue;
    const bool is_local = !table.raw("directory").empty() || table.raw("source").find("virtual") == 2;
    if (is_local && table.raw("version").empty()) continue;
    add_named(
        {.type = "pypi", .name = table.text("name"), .version = table.text("version"), .path = file.path},
        found, notes);
  }
  if (reader.bad_lines() > 0)
    notes.add(Why::damaged, std::to_string(reader.bad_lines()) + " lines are no TOML");
  if (!any) notes.add(Why::damaged, "nothing of a lock file");
  notes.finish();
}

constexpr auto kWants = std::to_array<Pattern>(
    {"**/poetry.lock", "**/uv.lock", "**/pdm.lock", "**/pylock.toml", "**/pylock.*.toml", "**/*.py.lock"});

}  // namespace

namespace catalogers {
extern const Cataloger python_lock;
constexpr Cataloger python_lock = {
    .name = "python_lock",
    .about = "Python packages that a lock file of Poetry, uv, PDM or PEP 751 asks for",
    .version = 3,
    .wants = kWants,
    .declares = true,
    .run = run};
}  // namespace catalogers

}  // namespace peekr
