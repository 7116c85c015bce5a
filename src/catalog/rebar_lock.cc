// SPDX-License-Identifier: Apache-2.0
// Erlang packages that a lock file of rebar3 asks for (rebar3.org/docs), Erlang terms:
//
//   rebar.lock   {"1.2.0", [{<<"certifi">>,{pkg,<<"certifi">>,<<"2.9.0">>},0},
//                           {<<"lager">>,{git,"https://...",{ref,"<commit>"}},0}]}.
#include <array>
#include <string>
#include <vector>

#include "catalog/cataloger.h"
#include "catalog/script.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr Script kErlang = {.comment = "%", .word = "_@"};

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  std::vector<ScriptToken> all = tokens(file.bytes, kErlang, notes);
  std::erase_if(all,
                [](const ScriptToken& token) { return token.is("<") || token.is(">") || token.is(","); });
  const auto is_text = [&](std::size_t at) { return all[at].kind == ScriptToken::Kind::quoted; };
  for (std::size_t at = 0; at + 5 < all.size(); ++at) {  // { name { kind ...
    if (!all[at].is("{") || !is_text(at + 1) || !all[at + 2].is("{")) continue;
    Package package{.type = "hex", .name = all[at + 1].text, .path = file.path};
    if (all[at + 3].is("pkg") && is_text(at + 4) && is_text(at + 5)) {
      package.name = all[at + 4].text;
      package.version = all[at + 5].text;
    } else if (all[at + 3].is("git") && at + 7 < all.size() && all[at + 6].is("ref")) {
      package.version = all[at + 7].text;
    }
    add_named(std::move(package), found, notes);
  }
  if (!all.empty() && !all.back().is("."))
    notes.add(Why::damaged, "perhaps cut short: the last term has no end");
  if (all.empty() || !(all[0].is("{") || all[0].is("["))) notes.add(Why::damaged, "not a term of Erlang");
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/rebar.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger rebar_lock;
constexpr Cataloger rebar_lock = {.name = "rebar_lock",
                                  .about = "Erlang packages that a lock file of rebar3 asks for",
                                  .version = 1,
                                  .wants = kWants,
                                  .declares = true,
                                  .run = run};
}  // namespace catalogers

}  // namespace peekr
