// SPDX-License-Identifier: Apache-2.0
// Node.js packages that npm, yarn or pnpm installed (docs.npmjs.com, "package.json"):
// node_modules/<name>/package.json and node_modules/@<scope>/<name>/package.json. One deeper in a package
// ({"type": "module"}, test data) is none. One in no node_modules at all may be a project's: what that asks for lies in the
// node_modules beside it. A release that was unpacked elsewhere is a package, too: its folder has its version, and is of its name:
// opt/yarn-v1.22.5 (official images of Node.js), corepack/v1/pnpm/9.0.0, var/lib/ghost/versions/5.75.0.
#include "catalog/npm.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/declared.h"
#include "catalog/json_file.h"
#include "catalog/places.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

bool has(object from, std::string_view key) { return from.at_key(key).error() == simdjson::SUCCESS; }

// "MIT", or as old packages have it {"type": "MIT", "url": ..}.
void add_license(element value, std::vector<std::string>& licenses) {
  std::string_view word;
  object fields;
  if (value.get(word) == simdjson::SUCCESS) {
    if (!word.empty()) licenses.emplace_back(word);
  } else if (value.get(fields) == simdjson::SUCCESS) {
    if (std::string type = json_text(fields, "type"); !type.empty()) licenses.push_back(std::move(type));
  }
}

std::vector<std::string> licenses_of(object package) {
  std::vector<std::string> licenses;
  for (const std::string_view key : {"license", "licenses"}) {
    element value;
    array list;
    if (package.at_key(key).get(value) != simdjson::SUCCESS) continue;
    if (value.get(list) != simdjson::SUCCESS) {
      add_license(value, licenses);
      continue;
    }
    for (const element item : list) add_license(item, licenses);
  }
  return licenses;
}

// The keys of an object, the texts of a list.
void add_names(object from, std::string_view key, std::vector<std::string>& names) {
  object keys;
  if (from.at_key(key).get(keys) == simdjson::SUCCESS) {
    for (const auto& [name, value] : keys) names.emplace_back(name);
  } else {
    for (std::string& name : json_texts(from, key)) names.push_back(std::move(name));
  }
}

constexpr std::size_t kMostNames = 10'000;  // real ones have some hundred

std::vector<std::string> names_under(object from, std::initializer_list<std::string_view> keys) {
  std::vector<std::string> names;
  for (const std::string_view key : keys) add_names(from, key, names);
  sort_unique(names);
  if (names.size() > kMostNames) names.resize(kMostNames);
  return names;
}

// What comes within the package itself, so that npm does not choose its version; true: all that it needs.
std::vector<std::string> bundled_in(object package) {
  for (const std::string_view key : {"bundleDependencies", "bundledDependencies"}) {
    if (json_flag(package, key)) return names_under(package, {"dependencies"});
  }
  return names_under(package, {"bundleDependencies", "bundledDependencies"});
}

// What the project needs to run, or only to be developed: what is in both lists it needs to run. The files are told from the project's
// folder: those of ten thousand names in a deep one would be large.
constexpr std::string_view kForDevelopment = "devDependencies";

// The names whose versions the project chooses ("overrides" of package.json): "a", "a@<2"; {"a": {".": "1.0.0", "b": "2.0.0"}} is for a
// itself, and for b where a needs it.
std::vector<std::string> overridden_in(object project) {
  std::vector<std::string> names;
  std::vector<object> open(1);
  if (project.at_key("overrides").get(open.front()) != simdjson::SUCCESS) return names;
  while (!open.empty() && names.size() < kMostNames) {
    const object at = open.back();
    open.pop_back();
    for (const auto& [key, value] : at) {
      object inner;
      const bool nested = value.get(inner) == simdjson::SUCCESS;
      if (nested) open.push_back(inner);
      if (key != "." && (!nested || has(inner, "."))) names.emplace_back(key.substr(0, key.find('@', 1)));
    }
  }
  sort_unique(names);
  return names;
}

// Templates and test data have that name, too, and need not be JSON: what cannot be read asks for nothing.
void read_project(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  Inventory ignored;
  object fields;
  if (!read_json(parser, file, ignored, fields)) return;
  const auto ask = [&](std::string_view list, const std::vector<std::string>& names) {
    Claim claim{.type = "npm", .package = std::string(list), .asked = true};
    for (const std::string& name : names)
      claim.files.push_back(Path("node_modules/" + name + "/package.json").str());
    sort_unique(claim.files);
    if (!claim.files.empty()) found.claims.push_back(std::move(claim));
  };
  ask("dependencies", names_under(fields, {"dependencies", "optionalDependencies"}));
  ask(kForDevelopment, names_under(fields, {kForDevelopment}));
  Claim overrides{.type = "npm", .package = "overrides", .files = overridden_in(fields)};
  if (!overrides.files.empty()) found.claims.push_back(std::move(overrides));
}

enum class Place { project, package, inside };

Place place_of(std::string_view path) {
  constexpr std::string_view kModules = "node_modules/";
  const std::size_t last = path.rfind("/" + std::string(kModules));
  if (last == std::string_view::npos && !path.starts_with(kModules)) return Place::project;
  path.remove_prefix(last == std::string_view::npos ? kModules.size() : last + 1 + kModules.size());
  return std::ranges::count(path, '/') == (path.starts_with('@') ? 2 : 1) ? Place::package : Place::inside;
}

// Whether a folder of that name is one of the release: "yarn-v1.22.5", "5.75.0".
bool has_version(std::string_view folder, std::string_view version) {
  if (!folder.ends_with(version)) return false;
  folder.remove_suffix(version.size());
  return folder.empty() || folder.ends_with('-') || folder.ends_with("-v") || folder == "v";
}

bool is_of_name(std::string_view folder, std::string_view name) {
  return std::ranges::any_of(split(folder, '/'), [&](std::string_view part) {
    return part.starts_with(name) && (part.size() == name.size() || part[name.size()] == '-');
  });
}

// What an author keeps private is in no registry.
void read_release(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  Inventory ignored;
  object fields;
  const std::string_view folder = file.path.folder();
  if (is_of_package_manager(file.path)) return;  // a gem's folder has its name and version, too
  if (!is_digit(folder.empty() ? '\0' : folder.back()) || !read_json(parser, file, ignored, fields)) return;
  const std::string name = json_text(fields, "name"), version = json_text(fields, "version");
  if (name.empty() || version.empty() || json_flag(fields, "private")) return;
  if (has_version(base_name(folder), version) && is_of_name(folder, name)) read_npm_package(file, found);
}

void run(const File& file, Inventory& found) {
  const Place place = place_of(file.path.str());
  if (place == Place::project) {
    read_project(file, found);
    read_release(file, found);
  }
  if (place == Place::package) read_npm_package(file, found);
}

constexpr std::array<Pattern, 1> kWants = {"**/package.json"};

}  // namespace

bool is_npm_package(std::string_view path) { return place_of(path) == Place::package; }

void read_npm_package(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object fields;
  const auto note = [&](const std::string& what) { found.notes.push_back({file.path, Why::damaged, what}); };
  if (!read_json(parser, file, found, fields)) return;
  Package package{.type = "npm",
                  .name = json_text(fields, "name"),
                  .version = json_text(fields, "version"),
                  .licenses = licenses_of(fields),
                  .path = file.path,
                  .needs = names_under(fields, {"dependencies", "optionalDependencies", "peerDependencies"}),
                  .provides = bundled_in(fields)};
  // Neither is there: settings for a folder of modules, not the file that npm installed.
  if (!has(fields, "name") && !has(fields, "version")) return;
  if (package.name.empty() || package.version.empty()) {
    return note(package.name.empty() ? "no name" : peekr::quoted(package.name) + ": no version");
  }
  found.add(std::move(package));
}

namespace catalogers {
extern const Cataloger npm;
constexpr Cataloger npm = {
    .name = "npm",
    .about =
        "installed Node.js packages: package.json in node_modules, or in a folder that has "
        "its name and version",
    .version = 5,
    .wants = kWants,
    .run = run};
}  // namespace catalogers

}  // namespace peekr
