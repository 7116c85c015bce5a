// SPDX-License-Identifier: Apache-2.0
// WordPress (developer.wordpress.org, "Header requirements"): the program itself by wp-includes/version.php, plugins and themes
// by the comment at the top of their main file, of which WordPress reads the first eight kilobytes. Advisories call them by
// their folder.
//
//   $wp_version = '6.4.2';                   wp-includes/version.php
//   * Plugin Name: Akismet Anti-spam         wp-content/plugins/akismet/akismet.php
//   * Version: 5.3                           the same comment
//   Theme Name: Twenty Twenty                wp-content/themes/twentytwenty/style.css
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace {

constexpr std::size_t kHeader = 8192;

// "$wp_version = '6.4.2';" where it is a statement, not in a comment.
std::string core_version(std::string_view text) {
  bool comment = false;
  while (!text.empty()) {
    const std::string_view line = trim(next_line(text));
    if (line.starts_with("/*")) comment = true;
    if (comment) {
      comment = line.find("*/") == std::string_view::npos;
      continue;
    }
    const auto [left, value] = cut(line, '=');
    if (trim(left) != "$wp_version") continue;
    const std::size_t open = value.find_first_of("'\"");
    if (open == std::string_view::npos) return {};
    return std::string(value.substr(open + 1, value.find(value[open], open + 1) - open - 1));
  }
  return {};
}

// The value of a line "[ * ]Key: value" of the header.
std::string header(std::string_view text, std::string_view key) {
  for (text = text.substr(0, kHeader); !text.empty();) {
    std::string_view line = next_line(text);
    if (line.starts_with("<?php")) line.remove_prefix(5);
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t/*#@")));
    const auto [name, value] = cut(line, ':');
    if (equal_ignoring_case(name, key)) return std::string(trim(value.substr(0, value.find("*/"))));
  }
  return {};
}

void add_extension(const File& file, std::string_view kind, Inventory& found) {
  const bool is_theme = kind == "theme";
  if (header(file.bytes, is_theme ? "Theme Name" : "Plugin Name").empty()) return;  // another of its files
  const std::string_view folder = file.path.folder();
  Package package{.type = "wordpress-" + std::string(kind),
                  .name = std::string(folder.substr(folder.rfind('/') + 1)),
                  .version = header(file.bytes, "Version"),
                  .path = file.path};
  if (std::string license = header(file.bytes, "License"); !license.empty()) {
    package.licenses.push_back(std::move(license));
  }
  if (package.version.empty()) {
    found.notes.push_back({file.path, Why::damaged, "a " + std::string(kind) + " without a version"});
  } else {
    found.add(std::move(package));
  }
}

void run(const File& file, Inventory& found) {
  if (file.path.name() == "style.css") return add_extension(file, "theme", found);
  if (!file.path.folder().ends_with("wp-includes")) return add_extension(file, "plugin", found);
  std::string version = core_version(file.bytes);
  if (version.empty()) {
    found.notes.push_back({file.path, Why::damaged, "no $wp_version"});
  } else {
    found.add({.type = "wordpress", .name = "wordpress", .version = std::move(version), .path = file.path});
  }
}

constexpr std::array<Pattern, 3> kWants = {"**/wp-includes/version.php", "**/wp-content/plugins/*/*.php",
                                           "**/wp-content/themes/*/style.css"};

}  // namespace

namespace catalogers {
extern const Cataloger wordpress;
constexpr Cataloger wordpress = {.name = "wordpress",
                                 .about = "WordPress, its plugins and themes, by their headers",
                                 .version = 1,
                                 .wants = kWants,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
