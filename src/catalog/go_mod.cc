// SPDX-License-Identifier: Apache-2.0
// What a Go module is built of (go.dev/ref/mod, "go.mod files"), and go.sum beside it:
//
//   go 1.22.0
//   toolchain go1.22.5
//   require golang.org/x/net v0.23.0 // indirect
//   require (
//       github.com/a/b v1.2.3
//   )
//   replace github.com/a/b v1.2.3 => github.com/c/b v1.2.4        or "=> ../b": a folder, whose version is not known
//
// Since Go 1.17 go.mod lists what is needed indirectly, too; before that go.sum has it, among versions that are not used: the
// highest of each module is taken there.
#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

struct Module {
  std::string path, version;
};

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> all;
  line = line.substr(0, line.find("//"));
  for (std::string_view word : split(line, ' ')) {
    for (std::string_view part : split(trim(word), '\t')) {
      if (part.size() > 1 && (part.front() == '"' || part.front() == '`'))
        part = part.substr(1, part.size() - 2);
      if (!part.empty()) all.push_back(part);
    }
  }
  return all;
}

class GoMod {
 public:
  explicit GoMod(const File& file) {
    std::string_view block;  // "require" of an open "require ("
    for (std::string_view rest = file.bytes; !rest.empty();) {
      std::vector<std::string_view> line = words(next_line(rest));
      if (line.empty()) continue;
      if (!block.empty()) {
        if (line[0] == ")") {
          block = {};
        } else {
          directive(block, line);
        }
      } else if (line.size() > 1 && line[1] == "(") {
        block = line[0];
      } else {
        const std::string_view verb = line[0];
        line.erase(line.begin());
        directive(verb, line);
      }
    }
  }

  [[nodiscard]] bool lists_all() const {
    const auto [major, rest] = cut(language_, '.');
    const std::optional<std::uint64_t> minor = to_number(cut(rest, '.').first);
    return !language_.empty() && (major != "1" || (minor && *minor >= 17));
  }
  // The path and version that take the place of a module; an empty path: a folder.
  [[nodiscard]] Module real(const std::string& path, const std::string& version) const {
    for (const auto& key : {path + " " + version, path}) {
      if (const auto found = replaced_.find(key); found != replaced_.end()) return found->second;
    }
    return {path, version};
  }

  std::string toolchain, name;
  std::map<std::string, std::string> required;

 private:
  void directive(std::string_view verb, const std::vector<std::string_view>& line) {
    if (line.empty()) return;
    if (verb == "module") name = line[0];
    if (verb == "go") language_ = line[0];
    if (verb == "toolchain" && line[0].starts_with("go1"))
      toolchain = line[0].substr(2, line[0].find('-') - 2);
    if (verb == "require" && line.size() > 1) required[std::string(line[0])] = line[1];
    if (verb == "replace") replace(line);
  }

  void replace(const std::vector<std::string_view>& line) {
    const std::size_t arrow = line.size() > 1 && line[1] == "=>" ? 1 : 2;
    if (line.size() < arrow + 2 || line[arrow] != "=>") return;
    std::string key(line[0]);
    if (arrow == 2) key += " " + std::string(line[1]);
    Module& to = replaced_[key];
    if (line.size() > arrow + 2) to = {std::string(line[arrow + 1]), std::string(line[arrow + 2])};
  }

  std::string language_;
  std::map<std::string, Module> replaced_;
};

// Numbers in the texts compare as numbers: enough to tell the highest of versions that Go has chosen.
bool is_lower(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::size_t in_a = std::min(a.find_first_not_of("0123456789"), a.size());
    const std::size_t in_b = std::min(b.find_first_not_of("0123456789"), b.size());
    if (in_a != in_b) return in_a < in_b;
    const std::size_t size = std::max<std::size_t>(in_a, 1);
    if (a.substr(0, size) != b.substr(0, size)) return a.substr(0, size) < b.substr(0, size);
    a.remove_prefix(size);
    b.remove_prefix(size);
  }
  return a.empty() && !b.empty();
}

// "golang.org/x/net v0.1.0 h1:..=", also "v0.1.0/go.mod h1:..": only the module file was looked at.
void add_sums(std::string_view sums, std::map<std::string, std::string>& modules) {
  std::map<std::string, std::string> highest;
  while (!sums.empty()) {
    const std::vector<std::string_view> line = words(next_line(sums));
    if (line.size() < 2 || line[1].ends_with("/go.mod")) continue;
    std::string& version = highest[std::string(line[0])];
    if (is_lower(version, line[1])) version = line[1];
  }
  modules.merge(highest);
}

void run(const File& file, Inventory& found) {
  GoMod mod(file);
  if (mod.name.empty()) {
    found.notes.push_back({file.path, Why::damaged, "no module"});
    return;
  }
  if (mod.name == "std" || mod.name == "cmd") return;  // of Go's own sources: its release answers for them
  const std::string folder(file.path.folder());
  const File::Neighbour* sums = file.neighbour(folder.empty() ? "go.sum" : folder + "/go.sum");
  if (!mod.lists_all() && sums != nullptr) add_sums(sums->bytes, mod.required);
  FileNotes notes(file.path, found);
  for (const auto& [path, version] : mod.required) {
    Module real = mod.real(path, version);
    if (real.path.empty()) continue;
    add_named({.type = "golang",
               .name = std::move(real.path),
               .version = std::move(real.version),
               .path = file.path},
              found, notes);
  }
  if (!mod.toolchain.empty()) {
    found.add({.type = "golang", .name = "stdlib", .version = mod.toolchain, .path = file.path});
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/go.mod"};
constexpr std::array<Pattern, 1> kReads = {"**/go.sum"};

}  // namespace

namespace catalogers {
extern const Cataloger go_mod;
constexpr Cataloger go_mod = {.name = "go_mod",
                              .about = "Go modules that a go.mod asks for, and its toolchain",
                              .version = 2,
                              .wants = kWants,
                              .reads = kReads,
                              .declares = true,
                              .run = run};
}  // namespace catalogers

}  // namespace peekr
