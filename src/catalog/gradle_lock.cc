// SPDX-License-Identifier: Apache-2.0
// Gradle's lock files (docs.gradle.org, "Locking Versions"): gradle.lockfile, and buildscript-gradle.lockfile of plugins.
//
//   org.apache.commons:commons-text:1.9=compileClasspath,runtimeClasspath
//   empty=annotationProcessor
//
// What is in test configurations only is left out.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void read_line(std::string_view line, const File& file, Inventory& found, FileNotes& notes) {
  const auto [what, configurations] = cut(line, '=');
  if (what == "empty") return;
  const std::vector<std::string_view> parts = split(what, ':');
  if (parts.size() != 3 || configurations.size() + what.size() == line.size()) {
    return notes.add(Why::damaged, peekr::quoted(line) + ": not group:name:version=configurations");
  }
  const auto is_test = [](std::string_view one) { return one.starts_with("test"); };
  if (std::ranges::all_of(split(configurations, ','), is_test)) return;
  add_named({.type = "maven",
             .name = std::string(parts[0]) + ":" + std::string(parts[1]),
             .version = std::string(parts[2]),
             .path = file.path},
            found, notes);
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = trim(next_line(rest));
    if (!line.empty() && !line.starts_with('#')) read_line(line, file, found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/gradle.lockfile", "**/buildscript-gradle.lockfile"};

}  // namespace

namespace catalogers {
extern const Cataloger gradle_lock;
constexpr Cataloger gradle_lock = {.name = "gradle_lock",
                                   .about = "Java artifacts that a lock file of Gradle asks for",
                                   .version = 1,
                                   .wants = kWants,
                                   .declares = true,
                                   .run = run};
}  // namespace catalogers

}  // namespace peekr
