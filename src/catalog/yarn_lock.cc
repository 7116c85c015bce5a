// SPDX-License-Identifier: Apache-2.0
// Yarn's lock file, one block for each package: what was asked for, then what it became. Version 1 (classic.yarnpkg.com,
// "yarn.lock") and the YAML of version 2 and later (yarnpkg.com) differ in the fields:
//
//   "js-tokens@^3.0.0 || ^4.0.0", js-tokens@^4.0.0:        "once@npm:^1.4.0":
//     version "4.0.0"                                        version: 1.4.0
//                                                            resolution: "once@npm:1.4.0"
//
// "alias@npm:real@^1.0" asks for another package. What "@workspace:" resolves to is a part of the project.
#include "catalog/yarn_lock.h"

#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

// "@scope/name@npm:^1.0" -> {"@scope/name", "npm:^1.0"}
Pair name_and_rest(std::string_view spec) {
  const std::size_t at = spec.find('@', 1);
  if (spec.empty() || at == std::string_view::npos) return {spec, {}};
  return {spec.substr(0, at), spec.substr(at + 1)};
}

struct Block {
  std::string_view asked, version, resolution;
};

// The first of what was asked for: "a@^1, a@^2:" in quotes or without.
std::string_view first_spec(std::string_view line) {
  if (line.starts_with('"')) {
    const std::string_view spec = line.substr(1, line.find('"', 1) - 1);
    return trim(spec.substr(0, spec.find(", ")));
  }
  return line.substr(0, line.find_first_of(",:"));
}

void add(const Block& block, const File& file, Inventory& found, FileNotes& notes) {
  if (block.asked.empty()) return;
  auto [name, rest] = name_and_rest(block.resolution.empty() ? block.asked : block.resolution);
  for (const std::string_view local : {"workspace:", "link:", "portal:", "file:"}) {
    if (rest.starts_with(local)) return;
  }
  if (rest.starts_with("npm:") && block.resolution.empty()) {
    const Pair real = name_and_rest(rest.substr(4));
    if (!real.second.empty()) name = real.first;
  }
  add_named(
      {.type = "npm", .name = std::string(name), .version = std::string(block.version), .path = file.path},
      found, notes);
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  Block block;
  bool any = file.bytes.find("yarn lockfile v1") != std::string_view::npos;  // it may be empty
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line.empty() || line.starts_with('#')) continue;
    if (!line.starts_with(' ')) {
      add(block, file, found, notes);
      const bool is_head = line.starts_with("__metadata:");
      any = any || is_head;
      if (is_head) found.claims = {{.type = "npm", .package = std::string(kBerry)}};
      block = {.asked = is_head || !line.ends_with(':') ? std::string_view() : first_spec(line),
               .version = {},
               .resolution = {}};
      continue;
    }
    if (!line.starts_with("  ") || line.size() < 3 || line[2] == ' ') continue;
    const std::string_view field = line.substr(2);
    if (field.starts_with("version ")) block.version = unquoted(field.substr(8));
    if (field.starts_with("version: ")) block.version = unquoted(field.substr(9));
    if (field.starts_with("resolution: ")) block.resolution = unquoted(field.substr(12));
  }
  add(block, file, found, notes);
  if (!any) notes.add(Why::damaged, "no lock file of yarn: it does not say which version it has");
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/yarn.lock"};

}  // namespace

namespace catalogers {
extern const Cataloger yarn_lock;
constexpr Cataloger yarn_lock = {.name = "yarn_lock",
                                 .about = "Node.js packages that a lock file of Yarn asks for",
                                 .version = 2,
                                 .wants = kWants,
                                 .declares = true,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
