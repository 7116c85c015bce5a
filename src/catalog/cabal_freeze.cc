// SPDX-License-Identifier: Apache-2.0
// Haskell packages that a frozen plan of Cabal asks for (cabal.readthedocs.io, "cabal freeze"):
//
//   cabal.project.freeze   constraints: any.Cabal ==3.2.1.0,
//                                       any.base installed,
//                                       tls +compat -hans
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  for (std::string_view rest = file.bytes; !rest.empty();) {
    std::string_view line = trim(next_line(rest));
    constexpr std::string_view kKey = "constraints:", kAny = "any.";
    if (line.starts_with(kKey)) line = trim(line.substr(kKey.size()));
    if (!line.starts_with(kAny)) continue;
    const std::size_t at = line.find("==");
    if (at == std::string_view::npos) continue;
    const std::string_view version = line.substr(at + 2);
    add_named({.type = "hackage",
               .name = std::string(trim(line.substr(kAny.size(), at - kAny.size()))),
               .version = std::string(trim(version.substr(0, version.find_first_of(",|& ")))),
               .path = file.path},
              found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/cabal.project.freeze"};

}  // namespace

namespace catalogers {
extern const Cataloger cabal_freeze;
constexpr Cataloger cabal_freeze = {.name = "cabal_freeze",
                                    .about = "Haskell packages that a frozen plan of Cabal asks for",
                                    .version = 1,
                                    .wants = kWants,
                                    .declares = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
