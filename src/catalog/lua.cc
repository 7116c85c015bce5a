// SPDX-License-Identifier: Apache-2.0
// LuaRocks (luarocks.org, "Rockspec format"): a program in Lua that sets variables, kept where a rock is installed:
//
//   usr/local/lib/luarocks/rocks-5.1/lpeg/1.0.2-1/lpeg-1.0.2-1.rockspec
//     package = "LPeg"
//     version = "1.0.2-1"              or: local v = "1.0.2"; version = v.."-1"
//     description = { license = "MIT/X11" }
//
// Texts and earlier variables, joined by "..", are understood. Where an expression is another, the folders say it.
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/script.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr Script kLua = {.comment = "--", .long_open = "[[", .long_close = "]]"};

using Variables = std::map<std::string, std::string, std::less<>>;

// The value of the expression at `at`, which is moved behind it.
std::optional<std::string> value_at(const std::vector<ScriptToken>& all, std::size_t& at,
                                    const Variables& known) {
  std::string value;
  while (at < all.size()) {
    const ScriptToken& token = all[at];
    const auto variable = token.kind == ScriptToken::Kind::word ? known.find(token.text) : known.end();
    if (token.kind == ScriptToken::Kind::quoted) {
      value += token.text;
    } else if (variable != known.end()) {
      value += variable->second;
    } else {
      return std::nullopt;
    }
    ++at;
    if (at + 1 >= all.size() || !all[at].is(".") || !all[at + 1].is(".")) return value;
    at += 2;
  }
  return std::nullopt;
}

// What the program sets outside of all braces; `description.license` is the one field that counts.
Variables variables_of(std::string_view bytes, FileNotes& notes) {
  const std::vector<ScriptToken> all = tokens(bytes, kLua, notes);
  Variables known;
  int depth = 0;
  for (std::size_t at = 0; at < all.size();) {
    const ScriptToken& token = all[at];
    if (token.is("{") || token.is("(")) ++depth;
    if (token.is("}") || token.is(")")) --depth;
    const bool sets = token.kind == ScriptToken::Kind::word && at + 2 < all.size() && all[at + 1].is("=") &&
                      !all[at + 2].is("=") && (depth == 0 || (depth == 1 && token.text == "license"));
    ++at;
    if (!sets) continue;
    ++at;
    if (std::optional<std::string> value = value_at(all, at, known)) known.try_emplace(token.text, *value);
  }
  return known;
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const Variables known = variables_of(file.bytes, notes);
  const auto value = [&](std::string_view name) {
    const auto at = known.find(name);
    return at == known.end() ? std::string() : at->second;
  };
  Package package{
      .type = "luarocks", .name = value("package"), .version = value("version"), .path = file.path};
  const std::vector<std::string_view> folders = split(file.path.folder(), '/');
  const bool installed = folders.size() > 2 && folders[folders.size() - 3].starts_with("rocks");
  if (installed && package.name.empty()) package.name = folders[folders.size() - 2];
  if (installed && package.version.empty()) package.version = folders.back();
  if (std::string license = value("license"); !license.empty())
    package.licenses.push_back(std::move(license));
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/*.rockspec"};

}  // namespace

namespace catalogers {
extern const Cataloger lua;
constexpr Cataloger lua = {
    .name = "lua", .about = "Lua packages of LuaRocks: rockspecs", .version = 1, .wants = kWants, .run = run};
}  // namespace catalogers

}  // namespace peekr
