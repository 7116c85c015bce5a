// SPDX-License-Identifier: Apache-2.0
// What a .NET program was built of: NAME.deps.json beside it (github.com/dotnet/sdk, "runtime-configuration-file.md").
//
//   {"runtimeTarget": {"name": ".NETCoreApp,Version=v6.0/linux-x64"},
//    "targets": {".NETCoreApp,Version=v6.0/linux-x64": {"Newtonsoft.Json/13.0.3": {"runtime": {"lib/..dll": {..}}}}},
//    "libraries": {"Newtonsoft.Json/13.0.3": {"type": "package", "sha512": ".."}}}
//
// .NET Core 1.0 has the target's name alone: "runtimeTarget": ".NETCoreApp,Version=v1.0".
//
// A package without "runtime", "runtimeTargets" or "native" brought no file along: it only named others. A program that has its
// runtime with it has that as "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64", which NuGet has without the first word.
#include "catalog/dotnet_deps.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

bool has_files(object library) {
  return std::ranges::any_of(std::array<std::string_view, 3>{"runtime", "runtimeTargets", "native"},
                             [&](std::string_view key) {
                               object files;
                               return library.at_key(key).get(files) == simdjson::SUCCESS && files.size() > 0;
                             });
}

constexpr std::array<Pattern, 1> kWants = {"**/*.deps.json"};

}  // namespace

void read_dotnet_deps(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root, runtime, targets, target, libraries;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  const bool is_object = root["runtimeTarget"].get(runtime) == simdjson::SUCCESS;
  const std::string name = is_object ? json_text(runtime, "name") : json_text(root, "runtimeTarget");
  if (root["targets"].get(targets) != simdjson::SUCCESS ||
      targets.at_key(name).get(target) != simdjson::SUCCESS ||
      root["libraries"].get(libraries) != simdjson::SUCCESS) {
    return notes.add(Why::damaged, "no libraries of the runtime target");
  }
  std::unordered_map<std::string_view, bool> used;  // of what the target lists
  for (const auto& [key, value] : target) {
    object entry;
    used.emplace(key, value.get(entry) == simdjson::SUCCESS && has_files(entry));
  }
  for (const auto& [key, value] : libraries) {
    constexpr std::string_view kPack = "runtimepack.";
    object library;
    std::string_view id = cut(key, '/').first;
    const std::string type = value.get(library) == simdjson::SUCCESS ? json_text(library, "type") : "";
    if (type == "reference" || type == "referenceassembly") continue;  // a file, named as one
    const auto listed = used.find(key);
    if (listed != used.end() && !listed->second && type != "project") continue;
    if (id.starts_with(kPack)) id.remove_prefix(kPack.size());
    add_named({.type = "nuget",
               .name = std::string(id),
               .version = std::string(cut(key, '/').second),
               .path = file.path},
              found, notes);
  }
  notes.finish();
}

namespace catalogers {
extern const Cataloger dotnet_deps;
constexpr Cataloger dotnet_deps = {.name = "dotnet_deps",
                                   .about = ".NET programs and runtimes: the packages of their deps.json",
                                   .version = 2,
                                   .wants = kWants,
                                   .run = read_dotnet_deps};
}  // namespace catalogers

}  // namespace peekr
