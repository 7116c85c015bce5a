// SPDX-License-Identifier: Apache-2.0
// Gleam packages that a manifest asks for (gleam.run, "gleam.toml"), a table for each on one line:
//
//   manifest.toml   packages = [
//                     { name = "gleam_stdlib", version = "0.34.0", build_tools = ["gleam"], source = "hex", ... },
//                     { name = "here", version = "1.0.0", build_tools = ["gleam"], source = "local", path = "../here" },
//
// They are of hex.pm, as Erlang's and Elixir's, but those of a folder. Other programs have a manifest.toml, too: without build_tools.
#include <array>
#include <string>
#include <vector>

#include "base/toml.h"
#include "catalog/cataloger.h"
#include "catalog/script.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr Script kToml = {.comment = "#", .word = "_-"};

// One table: name = "value" as often as there is one; values that are lists are passed over.
struct Entry {
  std::string name, version, source;
  bool closed = false;

  void take(std::string_view key, const ScriptToken& value) {
    if (value.kind != ScriptToken::Kind::quoted) return;
    if (key == "name") name = value.text;
    if (key == "version") version = value.text;
    if (key == "source") source = value.text;
  }
};

// The table whose brace is at `at`, which is moved behind it.
Entry entry_at(const std::vector<ScriptToken>& all, std::size_t& at) {
  Entry one;
  for (++at; at < all.size() && !one.closed; ++at) {
    one.closed = all[at].is("}");
    if (all[at].is("=") && at + 1 < all.size()) one.take(all[at - 1].text, all[at + 1]);
  }
  return one;
}

void run(const File& file, Inventory& found) {
  if (file.bytes.find("build_tools") == std::string_view::npos) return;
  FileNotes notes(file.path, found);
  TomlReader reader(file.bytes);
  TomlTable table;
  reader.next(table);
  const std::string_view list = table.raw("packages");
  if (list.empty()) notes.add(Why::damaged, "no list packages: perhaps cut short");
  const std::vector<ScriptToken> all = tokens(list, kToml, notes);
  for (std::size_t at = 0; at < all.size();) {
    if (!all[at].is("{")) {
      ++at;
      continue;
    }
    Entry one = entry_at(all, at);
    if (!one.closed) notes.add(Why::damaged, "perhaps cut short: the last table has no end");
    if (one.source == "local") continue;
    add_named(
        {.type = "hex", .name = std::move(one.name), .version = std::move(one.version), .path = file.path},
        found, notes);
  }
  if (reader.bad_lines() > 0)
    notes.add(Why::damaged, std::to_string(reader.bad_lines()) + " lines are no TOML");
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/manifest.toml"};

}  // namespace

namespace catalogers {
extern const Cataloger gleam_manifest;
constexpr Cataloger gleam_manifest = {.name = "gleam_manifest",
                                      .about = "Gleam packages that a manifest asks for",
                                      .version = 1,
                                      .wants = kWants,
                                      .declares = true,
                                      .run = run};
}  // namespace catalogers

}  // namespace peekr
