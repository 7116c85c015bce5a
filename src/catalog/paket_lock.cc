// SPDX-License-Identifier: Apache-2.0
// .NET packages that a lock file of Paket asks for (fsprojects.github.io/Paket, "lock file"). A package stands four blanks deep in a
// section NUGET, what it needs six:
//
//   RESTRICTION: == net6.0
//   NUGET
//     remote: https://api.nuget.org/v3/index.json
//       Newtonsoft.Json (13.0.1) - restriction: >= netstandard2.0
//         FSharp.Core (>= 4.3)
//   GROUP Build
//   GITHUB
//     remote: fsharp/FAKE
//       modules/Octokit/Octokit.fsx (a25c2f2...)
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void read_package(std::string_view line, const File& file, Inventory& found, FileNotes& notes) {
  const std::size_t open = line.find(" ("), close = line.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 3)
    return notes.add(Why::damaged, peekr::quoted(line) + ": no version");
  add_named({.type = "nuget",
             .name = std::string(line.substr(0, open)),
             .version = std::string(line.substr(open + 2, close - open - 2)),
             .path = file.path},
            found, notes);
}

bool is_package(std::string_view line) {
  constexpr std::string_view kDepth = "    ";
  return line.starts_with(kDepth) && line.size() > kDepth.size() && line[kDepth.size()] != ' ';
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  bool of_nuget = false, any = false;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (!line.empty() && line.front() != ' ') {
      of_nuget = trim(line) == "NUGET";
      any = true;
    } else if (of_nuget && is_package(line)) {
      read_package(trim(line), file, found, notes);
    }
  }
  if (!any) notes.add(Why::damaged, "no section of a lock file");
  note_if_cut_short(file, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/paket.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger paket_lock;
constexpr Cataloger paket_lock = {.name = "paket_lock",
                                  .about = ".NET packages that a lock file of Paket asks for",
                                  .version = 1,
                                  .wants = kWants,
                                  .declares = true,
                                  .run = run};
}  // namespace catalogers

}  // namespace peekr
