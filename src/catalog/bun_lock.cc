// SPDX-License-Identifier: Apache-2.0
// Bun's lock file (bun.sh, "Lockfile"): JSON with commas behind the last items, too.
//
//   "packages": {"chalk/supports-color": ["supports-color@7.2.0", "", {..}, "sha512-.."],}
#include <simdjson.h>

#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/declared.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::object;

// Blanks instead of commas before a "]" or "}".
std::string without_last_commas(std::string_view text) {
  std::string out(text);
  std::size_t comma = std::string::npos;
  bool in_text = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = out[i];
    if (in_text) {
      if (c == '\\') ++i;
      in_text = c != '"';
    } else if (!is_space(c)) {
      if ((c == ']' || c == '}') && comma != std::string::npos) out[comma] = ' ';
      comma = c == ',' ? i : std::string::npos;
      in_text = c == '"';
    }
  }
  return out;
}

void run(const File& file, Inventory& found) {
  const std::string bytes = without_last_commas(file.bytes);
  simdjson::dom::parser parser;
  object root, packages;
  if (!read_json(parser, {.path = file.path, .bytes = bytes}, found, root)) return;
  FileNotes notes(file.path, found);
  if (root["packages"].get(packages) != simdjson::SUCCESS) return notes.add(Why::damaged, "no packages");
  for (const auto& [key, value] : packages) {
    array list;
    std::string_view what;
    if (value.get(list) != simdjson::SUCCESS || list.at(0).get(what) != simdjson::SUCCESS) {
      notes.add(Why::damaged, peekr::quoted(key) + ": not a list");
      continue;
    }
    const std::size_t at = what.empty() ? std::string_view::npos : what.find('@', 1);
    const std::string_view version = at == std::string_view::npos ? std::string_view() : what.substr(at + 1);
    if (!version.empty() && !is_pinned(version)) continue;  // a part of the project, or no release of npm's
    add_named({.type = "npm",
               .name = std::string(what.substr(0, at)),
               .version = std::string(version),
               .path = file.path},
              found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/bun.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger bun_lock;
constexpr Cataloger bun_lock = {.name = "bun_lock",
                                .about = "Node.js packages that a lock file of Bun asks for",
                                .version = 1,
                                .wants = kWants,
                                .declares = true,
                                .run = run};
}  // namespace catalogers

}  // namespace peekr
