// SPDX-License-Identifier: Apache-2.0
// Perl distributions from CPAN: what cpanm writes beside the modules that it installs, and what cpan and cpanm leave where they
// built (metacpan.org/pod/CPAN::Meta::Spec):
//
//   usr/local/lib/perl5/site_perl/5.36.0/x86_64-linux-gnu/.meta/JSON-4.10/install.json   {"name": "JSON", "version": "4.10",
//                                                             "dist": "JSON-4.10", "provides": {"JSON": {...}}}
//   root/.cpanm/work/1/JSON-4.10/META.json, META.yml          name: JSON      version: 4.10      license: perl
//
// and what `make install` writes, whoever calls it (ExtUtils::Install):
//
//   .../perl5/5.36.0/x86_64-linux-gnu/perllocal.pod     a log: =head2 <date>: C<Module> L<JSON::XS|JSON::XS>, C<VERSION: 4.03>.
//                                                       It names modules, so it is only a claim; what came last counts
//   .../auto/JSON/XS/.packlist                          the files: "/usr/local/.../JSON/XS.pm", or "... type=file"
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

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

// "JSON::XS" is in the distribution JSON-XS, mostly.
std::string as_distribution(std::string_view module) {
  std::string all;
  for (std::size_t at = module.find("::"); at != std::string_view::npos; at = module.find("::")) {
    all += std::string(module.substr(0, at)) + "-";
    module.remove_prefix(at + 2);
  }
  return all + std::string(module);
}

std::string_view between(std::string_view text, std::string_view before, std::string_view behind) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find(behind));
}

void read_log(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  std::map<std::string, std::string> versions;
  std::string module;
  std::size_t number = 0;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = trim(next_line(rest));
    ++number;
    if (line.starts_with("=head")) {
      module = as_distribution(between(line, "L<", "|"));
      if (module.empty())
        notes.add(Why::damaged, "line " + std::to_string(number) + ": a head without a module");
    } else if (line.starts_with("C<VERSION: ") && !module.empty()) {
      versions[module] = between(line, "C<VERSION: ", ">");
    }
  }
  for (auto& [name, version] : versions) {
    add_named(
        {.type = "cpan", .name = name, .version = std::move(version), .path = file.path, .claimed = true},
        found, notes);
  }
  if (versions.empty() && !trim(file.bytes).empty()) notes.add(Why::damaged, "no module in it");
  notes.finish();
}

void read_packlist(const File& file, Inventory& found) {
  constexpr std::string_view kAuto = "/auto/";
  const std::string_view folder = file.path.folder();
  const std::size_t at = folder.rfind(kAuto);
  if (at == std::string_view::npos) return;  // Perl's own
  Claim claim{.type = "cpan", .package = std::string(folder.substr(at + kAuto.size()))};
  std::ranges::replace(claim.package, '/', '-');
  std::size_t bad = 0;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = trim(next_line(rest));
    if (line.starts_with('/')) {
      claim.files.push_back(Path(line.substr(0, line.rfind(" type="))).str());
    } else if (!line.empty()) {
      ++bad;
    }
  }
  if (bad > 0)
    found.notes.push_back({file.path, Why::damaged, "lines that are no file: " + std::to_string(bad)});
  if (bad == 0 && claim.files.empty()) found.notes.push_back({file.path, Why::damaged, "no file in it"});
  sort_unique(claim.files);
  found.claims.push_back(std::move(claim));
}

void run(const File& file, Inventory& found) {
  const std::string_view name = file.path.name();
  if (name == "perllocal.pod") return read_log(file, found);
  if (name == ".packlist") return read_packlist(file, found);
  if (name.starts_with("META") && !is_in_work_folder(file.path)) return;  // of sources: of many things
  Package package{.type = "cpan", .path = file.path};
  if (name.ends_with(".json")) return read_json_file(file, found, package);
  // META.json says the same, and more.
  if (file.neighbour(std::string(file.path.folder()) + "/META.json") == nullptr)
    read_yaml_file(file, found, package);
}

constexpr std::array<Pattern, 5> kWants = {"**/.meta/*/install.json", "**/META.json", "**/META.yml",
                                           "**/perllocal.pod", "**/.packlist"};
constexpr std::array<Pattern, 1> kReads = {"**/META.json"};

}  // namespace

namespace catalogers {
extern const Cataloger perl;
constexpr Cataloger perl = {.name = "perl",
                            .about = "Perl distributions from CPAN",
                            .version = 3,
                            .wants = kWants,
                            .reads = kReads,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr
