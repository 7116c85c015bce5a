// SPDX-License-Identifier: Apache-2.0
// Drupal (drupal.org), where it was not put there by Composer: the program itself by the constant of its version, modules and
// themes by the lines that drupal.org adds to their *.info.yml. Composer calls them drupal/PROJECT, and so do advisories;
// "8.x-1.3" is 1.3 there.
//
//   const VERSION = '9.4.3';        core/lib/Drupal.php
//   define('VERSION', '7.92');      includes/bootstrap.inc of Drupal 7: drupal/drupal
//   version: '8.x-1.3'              modules/contrib/token/token.info.yml
//   project: 'token'
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/declared.h"

namespace peekr {
namespace {

// The first text in quotes behind `key` in the line where it stands first.
std::string quoted_behind(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  std::string_view rest = text.substr(at + key.size());
  const std::string_view line = next_line(rest);
  const std::size_t open = line.find_first_of("'\"");
  if (open == std::string_view::npos) return {};
  return std::string(line.substr(open + 1, line.find(line[open], open + 1) - open - 1));
}

// A line "key: 'value'" at the margin.
std::string value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const auto [name, value] = cut(next_line(text), ':');
    if (name != key) continue;
    std::string_view word = trim(value);
    if (word.size() > 1 && (word.front() == '\'' || word.front() == '"')) {
      word = word.substr(1, word.find(word.front(), 1) - 1);
    }
    return std::string(word);
  }
  return {};
}

void add(const File& file, const std::string& name, std::string version, Inventory& found) {
  if (version.size() > 4 && is_digit(version[0]) && version.substr(1, 3) == ".x-") version.erase(0, 4);
  found.add({.type = "composer", .name = "drupal/" + name, .version = std::move(version), .path = file.path});
}

void run(const File& file, Inventory& found) {
  const bool is_core = file.path.name() == "Drupal.php";
  if (file.path.name().ends_with(".info.yml")) {
    const std::string project = value_of(file.bytes, "project"), version = value_of(file.bytes, "version");
    // The modules of the core itself have no project, those of a checkout no version.
    if (is_pinned(project) && is_pinned(version) && project != "drupal") add(file, project, version, found);
    return;
  }
  std::string version = quoted_behind(file.bytes, is_core ? "const VERSION" : "define('VERSION',");
  if (!version.empty()) return add(file, is_core ? "core" : "drupal", std::move(version), found);
  if (is_core) found.notes.push_back({file.path, Why::damaged, "no version"});
}

constexpr std::array<Pattern, 6> kWants = {"**/core/lib/Drupal.php",  "**/includes/bootstrap.inc",
                                           "**/modules/*/*.info.yml", "**/modules/contrib/*/*.info.yml",
                                           "**/themes/*/*.info.yml",  "**/themes/contrib/*/*.info.yml"};

}  // namespace

namespace catalogers {
extern const Cataloger drupal;
constexpr Cataloger drupal = {.name = "drupal",
                              .about = "Drupal, its modules and themes, by their versions",
                              .version = 1,
                              .wants = kWants,
                              .run = run};
}  // namespace catalogers

}  // namespace peekr
