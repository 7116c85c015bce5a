// SPDX-License-Identifier: Apache-2.0
// pnpm's lock file (github.com/pnpm/spec, "lockfile"): YAML as pnpm itself writes it, two blanks a level. The keys below
// "packages:" name what is installed, each version of the format in its way:
//
//   /js-tokens/4.0.0:                 5; with peers /debug/4.3.4_supports-color@8.1.1
//   /js-tokens@4.0.0:                 6; with peers /debug@4.3.4(supports-color@8.1.1)
//   js-tokens@4.0.0:                  9
//     dev: true                       5 and 6: only for those who develop the program: left out
//     name: x                         of what is no release of the registry
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/declared.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

struct Entry {
  std::string_view key, name, version;
  bool dev = false;
};

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() > 1 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

// "/@scope/name/1.0.0_peer", "@scope/name@1.0.0(peer)" -> {"@scope/name", "1.0.0"}
Pair name_and_version(std::string_view key) {
  const bool slash = key.starts_with('/');
  key = key.substr(slash ? 1 : 0);
  key = key.substr(0, key.find('('));
  std::size_t at = key.find('@', 1);
  const std::size_t scope = key.starts_with('@') ? key.find('/') : 0;
  if (slash) {  // version 5 has another "/" where version 6 has the "@"
    const std::size_t next = key.find('/', scope == 0 ? 0 : scope + 1);
    if (next < at) at = next;
  }
  if (key.empty() || at == std::string_view::npos) return {key, {}};
  const std::string_view version = key.substr(at + 1);
  return {key.substr(0, at), key[at] == '/' ? cut(version, '_').first : version};
}

void add(const Entry& entry, const File& file, Inventory& found, FileNotes& notes) {
  if (entry.key.empty() || entry.dev || entry.key.starts_with("file:")) return;
  auto [name, version] = name_and_version(entry.key);
  if (!entry.name.empty()) name = entry.name;
  if (!entry.version.empty()) version = entry.version;
  if (!version.empty() && !is_pinned(version)) return;  // a folder or a place to fetch it from
  add_named({.type = "npm", .name = std::string(name), .version = std::string(version), .path = file.path},
            found, notes);
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  Entry entry;
  bool inside = false, any = false;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = next_line(rest);
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    if (indent == line.size()) continue;
    const std::string_view text = line.substr(indent);
    if (indent == 0) {
      any = any || text.starts_with("lockfileVersion:") || text.starts_with("shrinkwrapVersion:");
      inside = text == "packages:";
    }
    if (indent == 2 && inside) {
      add(entry, file, found, notes);
      entry = {.key = unquoted(text.substr(0, text.rfind(':'))), .name = {}, .version = {}};
    } else if (indent == 4 && inside) {
      const auto [field, value] = cut(text, ':');
      if (field == "dev") entry.dev = trim(value) == "true";
      if (field == "name") entry.name = unquoted(value);
      if (field == "version") entry.version = unquoted(value);
    }
  }
  add(entry, file, found, notes);
  if (!any) notes.add(Why::damaged, "no lockfileVersion");
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/pnpm-lock.yaml"};

}  // namespace

namespace catalogers {
extern const Cataloger pnpm_lock;
constexpr Cataloger pnpm_lock = {.name = "pnpm_lock",
                                 .about = "Node.js packages that a lock file of pnpm asks for",
                                 .version = 1,
                                 .wants = kWants,
                                 .declares = true,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
