// SPDX-License-Identifier: Apache-2.0
// OCaml packages that opam installed in a switch (opam.ocaml.org/doc/Manual.html): the folder is <name>.<version>, a name has no
// dot:
//
//   root/.opam/4.14.0/.opam-switch/packages/alcotest.1.5.0/opam     license: "ISC"
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/script.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr Script kOpam = {
    .comment = "#", .quotes = "\"", .long_open = "\"\"\"", .long_close = "\"\"\"", .word = "_-"};

// license: "ISC", or a list of them.
std::vector<std::string> licenses_of(std::string_view bytes, FileNotes& notes) {
  std::vector<std::string> licenses;
  const std::vector<ScriptToken> all = tokens(bytes, kOpam, notes);
  for (std::size_t at = 0; at + 2 < all.size(); ++at) {
    if (!all[at].is("license") || !all[at + 1].is(":")) continue;
    for (at += all[at + 2].is("[") ? 3 : 2; at < all.size() && all[at].kind == ScriptToken::Kind::quoted;
         ++at)
      licenses.push_back(all[at].text);
    break;
  }
  return licenses;
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const std::string_view folder = file.path.folder();
  const auto [name, version] = cut(folder.substr(folder.rfind('/') + 1), '.');
  add_named({.type = "opam",
             .name = std::string(name),
             .version = std::string(version),
             .licenses = licenses_of(file.bytes, notes),
             .path = file.path},
            found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/.opam-switch/packages/*/opam",
                                           "**/.opam-switch/packages/*/*.opam"};

}  // namespace

namespace catalogers {
extern const Cataloger opam;
constexpr Cataloger opam = {
    .name = "opam", .about = "OCaml packages that opam installed", .version = 1, .wants = kWants, .run = run};
}  // namespace catalogers

}  // namespace peekr
