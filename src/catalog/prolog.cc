// SPDX-License-Identifier: Apache-2.0
// Packs of SWI-Prolog (swi-prolog.org/pldoc/doc_for?object=section('packs')): facts in a file:
//
//   usr/lib/swi-prolog/pack/hdt/pack.pl     name(hdt). version('0.5.2'). title('...').
#include <array>
#include <string>
#include <vector>

#include "catalog/cataloger.h"
#include "catalog/script.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr Script kProlog = {.comment = "%"};

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  Package package{.type = "swiplpack", .path = file.path};
  const std::vector<ScriptToken> all = tokens(file.bytes, kProlog, notes);
  for (std::size_t at = 0; at + 2 < all.size(); ++at) {
    if (!all[at + 1].is("(")) continue;
    if (all[at].is("name") && package.name.empty()) package.name = all[at + 2].text;
    if (all[at].is("version") && package.version.empty()) package.version = all[at + 2].text;
  }
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/pack/*/pack.pl"};

}  // namespace

namespace catalogers {
extern const Cataloger prolog;
constexpr Cataloger prolog = {
    .name = "prolog", .about = "packs of SWI-Prolog", .version = 1, .wants = kWants, .run = run};
}  // namespace catalogers

}  // namespace peekr
