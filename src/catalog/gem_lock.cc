// SPDX-License-Identifier: Apache-2.0
// Bundler's lock file (bundler.io, "Gemfile.lock"). Sections say where gems come from; a gem stands four blanks deep below
// "specs:", what it needs six blanks deep:
//
//   GEM
//     remote: https://rubygems.org/
//     specs:
//       nokogiri (1.13.10-x86_64-linux)
//         racc (~> 1.4)
//
// A gem of a PATH section is the project itself or a part of it.
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void read_gem(std::string_view line, const File& file, Inventory& found, FileNotes& notes) {
  const std::size_t open = line.find(" ("), close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 3) {
    return notes.add(Why::damaged, peekr::quoted(line) + ": no version");
  }
  // A platform behind a dash: "1.13.10-x86_64-linux".
  const std::string_view version = cut(line.substr(open + 2, close - open - 2), '-').first;
  found.add({.type = "gem",
             .name = std::string(line.substr(0, open)),
             .version = std::string(version),
             .path = file.path});
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  bool of_others = false, in_specs = false, any = false;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (!line.empty() && !line.starts_with(' ')) {
      of_others = line == "GEM" || line == "GIT";
      any = any || of_others || line == "PATH" || line == "DEPENDENCIES";
      in_specs = false;
    } else if (line == "  specs:") {
      in_specs = of_others;
    } else if (in_specs && line.starts_with("    ") && line.size() > 4 && line[4] != ' ') {
      read_gem(line.substr(4), file, found, notes);
    }
  }
  if (!any) notes.add(Why::damaged, "no section of a lock file");
  notes.finish();
}

constexpr std::array<Pattern, 3> kWants = {"**/Gemfile.lock", "**/gems.locked", "**/Gemfile.next.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger gem_lock;
constexpr Cataloger gem_lock = {.name = "gem_lock",
                                .about = "Ruby gems that a lock file of Bundler asks for",
                                .version = 1,
                                .wants = kWants,
                                .declares = true,
                                .run = run};
}  // namespace catalogers

}  // namespace peekr
