// SPDX-License-Identifier: Apache-2.0
// Java artifacts that a lock file of Bazel's rules_jvm_external asks for (github.com/bazel-contrib/rules_jvm_external):
//
//   maven_install.json   {"artifacts": {"com.google.guava:guava": {"shasums": {"jar": "..."}, "version": "31.1-jre"},
//                                       "com.example:tool:exe:linux-x86_64": {...}}, "version": "2"}
//   of older releases    {"dependency_tree": {"dependencies": [{"coord": "com.google.guava:guava:jar:sources:27.0-jre"}]}}
#include <simdjson.h>

#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::object;

// Of one artifact there may be several files (jar, sources): it is one package.
class Artifacts {
 public:
  Artifacts(const File& file, Inventory& found) : file_(file), found_(found), notes_(file.path, found) {}

  FileNotes& notes() { return notes_; }

  // parts: group, name and whatever follows.
  void add(const std::vector<std::string_view>& parts, std::string_view version) {
    if (parts.size() < 2 || parts[0].empty() || parts[1].empty())
      return notes_.add(Why::damaged, "an artifact that is not group:name");
    std::string name = std::string(parts[0]) + ":" + std::string(parts[1]);
    if (!seen_.emplace(name, version).second) return;
    add_named({.type = "maven", .name = std::move(name), .version = std::string(version), .path = file_.path},
              found_, notes_);
  }

 private:
  const File& file_;
  Inventory& found_;
  FileNotes notes_;
  std::set<std::pair<std::string, std::string>> seen_;
};

void read_old(object tree, Artifacts& artifacts) {
  for (const object one : json_objects(tree, "dependencies", artifacts.notes())) {
    const std::string coordinates = json_text(one, "coord");
    std::vector<std::string_view> parts = split(coordinates, ':');
    const std::string_view version = parts.size() < 3 ? std::string_view() : parts.back();
    artifacts.add(parts, version);
  }
}

void run(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, list;
  if (!read_json(parser, file, found, root)) return;
  Artifacts artifacts(file, found);
  if (root["artifacts"].get(list) == simdjson::SUCCESS) {
    for (const auto& [name, value] : list) {
      object fields;
      if (value.get(fields) == simdjson::SUCCESS) {
        artifacts.add(split(name, ':'), json_text(fields, "version"));
      } else {
        artifacts.notes().add(Why::damaged, peekr::quoted(name) + ": no object");
      }
    }
  } else if (root["dependency_tree"].get(list) == simdjson::SUCCESS) {
    read_old(list, artifacts);
  } else {
    artifacts.notes().add(Why::damaged, "no artifacts");
  }
  artifacts.notes().finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/maven_install.json", "**/*_maven_install.json"};

}  // namespace

namespace catalogers {
extern const Cataloger maven_install;
constexpr Cataloger maven_install = {
    .name = "maven_install",
    .about = "Java artifacts that a lock file of rules_jvm_external asks for",
    .version = 1,
    .wants = kWants,
    .declares = true,
    .run = run};
}  // namespace catalogers

}  // namespace peekr
