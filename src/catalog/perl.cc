// SPDX-License-Identifier: Apache-2.0
// Perl distributions from CPAN: what cpanm writes beside the modules that it installs, and what cpan and cpanm leave where they
// built (metacpan.org/pod/CPAN::Meta::Spec):
//
//   usr/local/lib/perl5/site_perl/5.36.0/x86_64-linux-gnu/.meta/JSON-4.10/install.json   {"name": "JSON", "version": "4.10",
//                                                             "dist": "JSON-4.10", "provides": {"JSON": {...}}}
//   root/.cpanm/work/1/JSON-4.10/META.json, META.yml          name: JSON      version: 4.10      license: perl
#include <simdjson.h>

#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"
#include "catalog/yaml_file.h"

namespace peekr {
namespace {

// cpanm's `name` is that of a module, "JSON::PP"; of `dist` the name is all before the version.
std::string name_of(simdjson::dom::object root) {
  const std::string dist = json_text(root, "dist");
  const std::size_t dash = dist.rfind('-');
  if (dash != std::string::npos && dash > 0) return dist.substr(0, dash);
  return json_text(root, "name");
}

bool is_in_work_folder(const Path& path) { return ("/" + path.str()).find("/.cpan") != std::string::npos; }

void read_json_file(const File& file, Inventory& found, Package& package) {
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  package.name = name_of(root);
  package.version = json_text(root, "version");
  package.licenses = json_texts(root, "license");
  add_named(std::move(package), found, notes);
  notes.finish();
}

void read_yaml_file(const File& file, Inventory& found, Package& package) {
  const std::optional<Yaml> root = read_yaml(file, found);
  if (!root) return;
  FileNotes notes(file.path, found);
  package.name = yaml_text(*root, "name");
  package.version = yaml_text(*root, "version");
  if (std::string license = yaml_text(*root, "license"); !license.empty())
    package.licenses.push_back(std::move(license));
  add_named(std::move(package), found, notes);
  notes.finish();
}

void run(const File& file, Inventory& found) {
  const std::string_view name = file.path.name();
  if (name.starts_with("META") && !is_in_work_folder(file.path)) return;  // of sources: of many things
  Package package{.type = "cpan", .path = file.path};
  if (name.ends_with(".json")) return read_json_file(file, found, package);
  // META.json says the same, and more.
  if (file.neighbour(std::string(file.path.folder()) + "/META.json") == nullptr)
    read_yaml_file(file, found, package);
}

constexpr std::array<Pattern, 3> kWants = {"**/.meta/*/install.json", "**/META.json", "**/META.yml"};
constexpr std::array<Pattern, 1> kReads = {"**/META.json"};

}  // namespace

namespace catalogers {
extern const Cataloger perl;
constexpr Cataloger perl = {.name = "perl",
                            .about = "Perl distributions from CPAN",
                            .version = 1,
                            .wants = kWants,
                            .reads = kReads,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr
