// SPDX-License-Identifier: Apache-2.0
// Erlang and Elixir applications as they are installed (erlang.org/doc/man/app): a term in a file beside the compiled modules:
//
//   lib/cowboy-2.9.0/ebin/cowboy.app    {application,cowboy,[{description,"..."},{vsn,"2.9.0"},...]}.
//
// Those of Erlang/OTP and Elixir themselves are no packages of Hex, which keeps their names free.
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
  const std::vector<ScriptToken> all = tokens(file.bytes, kErlang, notes);
  std::size_t at = 0;
  const auto starts = [&] { return all[at].is("{") && all[at + 1].is("application") && all[at + 2].is(","); };
  while (at + 3 < all.size() && !starts()) ++at;
  if (at + 3 >= all.size()) return notes.finish();  // other files have that ending, too
  Package package{.type = "hex", .name = all[at + 3].text, .path = file.path};
  for (at += 4; at + 3 < all.size() && package.version.empty(); ++at) {
    if (all[at].is("{") && all[at + 1].is("vsn") && all[at + 2].is(",")) package.version = all[at + 3].text;
  }
  if (!all.back().is(".")) notes.add(Why::damaged, "perhaps cut short: the term has no end");
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/*.app"};

}  // namespace

namespace catalogers {
extern const Cataloger erlang;
constexpr Cataloger erlang = {.name = "erlang",
                              .about = "installed Erlang and Elixir applications",
                              .version = 1,
                              .wants = kWants,
                              .run = run};
}  // namespace catalogers

}  // namespace peekr
