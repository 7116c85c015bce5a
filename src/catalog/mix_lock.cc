// SPDX-License-Identifier: Apache-2.0
// Elixir packages that a lock file of Mix asks for (hexdocs.pm/mix), a map of Elixir terms:
//
//   mix.lock   %{
//     "cowboy": {:hex, :cowboy, "2.9.0", "<hash>", [:make], [{:cowlib, "2.11.0", [hex: :cowlib]}], "hexpm", "<hash>"},
//     "enacl": {:git, "https://...", "2f50ba6...", [ref: "2f50ba6"]},
//     "here": {:path, "../here", []},
#include <array>
#include <string>
#include <vector>

#include "catalog/cataloger.h"
#include "catalog/script.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr Script kElixir = {.comment = "#", .word = "_@"};

// The entry that starts at `at`: "name" : { : kind , ...
void add(const std::vector<ScriptToken>& all, std::size_t at, Package package, Inventory& found,
         FileNotes& notes) {
  const std::string& kind = all[at + 4].text;
  if (kind != "hex" && kind != "git") {  // a path: it has no version
    found.add(std::move(package));
    return;
  }
  // Behind the kind: for hex ", : name , version", for git ", address , commit".
  const std::size_t value = at + (kind == "hex" ? 9 : 8);
  const bool has_value = value < all.size() && all[value].kind == ScriptToken::Kind::quoted;
  if (has_value) package.version = all[value].text;
  if (kind == "hex" && at + 7 < all.size()) package.name = all[at + 7].text;
  add_named(std::move(package), found, notes);
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const std::vector<ScriptToken> all = tokens(file.bytes, kElixir, notes);
  if (all.size() < 2 || !all[0].is("%") || !all[1].is("{")) notes.add(Why::damaged, "not a map of Elixir");
  int depth = 0;
  for (std::size_t at = 1; at < all.size(); ++at) {
    const bool entry = depth == 1 && at + 4 < all.size() && all[at].kind == ScriptToken::Kind::quoted &&
                       all[at + 1].is(":") && all[at + 2].is("{") && all[at + 3].is(":");
    if (entry) add(all, at, {.type = "hex", .name = all[at].text, .path = file.path}, found, notes);
    if (all[at].is("{") || all[at].is("[")) ++depth;
    if (all[at].is("}") || all[at].is("]")) --depth;
  }
  if (depth != 0) notes.add(Why::damaged, "perhaps cut short: a bracket is not closed");
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/mix.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger mix_lock;
constexpr Cataloger mix_lock = {.name = "mix_lock",
                                .about = "Elixir packages that a lock file of Mix asks for",
                                .version = 1,
                                .wants = kWants,
                                .declares = true,
                                .run = run};
}  // namespace catalogers

}  // namespace peekr
