// SPDX-License-Identifier: Apache-2.0
// C and C++ packages that vcpkg installed (learn.microsoft.com/vcpkg):
//
//   installed/vcpkg/status                    stanzas as of dpkg: Package, Version, Port-Version, Architecture (the triplet),
//   installed/vcpkg/updates/0000000001        Status; those with Feature are parts of one that has a stanza, too. What was done
//                                             last stands in updates/ until vcpkg runs again
//   installed/vcpkg/info/zlib_1.3.1_x64-linux.list    the files, from installed/: "x64-linux/include/zlib.h"
//   installed/x64-linux/share/zlib/vcpkg.spdx.json    what is left where only the triplet's folder was copied into the image
#include "catalog/vcpkg.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/dpkg.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"
#include "catalog/pattern.h"
#include "catalog/stanza.h"
#include "catalog/updates.h"

namespace peekr {
namespace {

using simdjson::dom::object;

// Of what is gone the name and triplet stay, without a version: settle_updates() needs to know.
void read_status(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  if (is_update(file.path) && !to_number(file.path.name()))  // "incomplete" is being written
    return notes.add(Why::damaged, "not the number of an update: not read");
  std::map<std::pair<std::string_view, std::string_view>, std::string_view> versions;  // the last counts
  StanzaReader reader(file.bytes, "Package");
  for (Stanza stanza; reader.next(stanza);) {
    const std::string_view name = stanza.value("Package"), version = stanza.value("Version");
    if (stanza.has("Feature")) continue;
    const State state = state_of(stanza, Unstated::damaged);
    const bool counts = state == State::installed || state == State::unfinished;
    const bool is_whole = state == State::unfinished && !version.empty() && stanza.bad_line() == 0;
    if (std::string problem = problem_of(stanza, state); !problem.empty())
      notes.add(is_whole ? Why::suspicious : Why::damaged, std::move(problem));
    if (name.empty() || state == State::damaged || (counts && version.empty())) continue;
    versions[{name, stanza.value("Architecture")}] = counts ? version : std::string_view();
  }
  for (const auto& [key, version] : versions) {
    found.add({.type = "vcpkg",
               .name = std::string(key.first),
               .version = std::string(version),
               .arch = std::string(key.second),
               .path = file.path});
  }
  note_if_cut_short(file, notes);
  notes.finish();
}

// NAME_VERSION_TRIPLET.list: no name of a port has a "_".
void read_list(const File& file, Inventory& found) {
  std::string_view name = file.path.name();
  name.remove_suffix(std::string_view(".list").size());
  Claim claim{.type = "vcpkg",
              .package = std::string(cut(name, '_').first),
              .arch = std::string(name.substr(name.rfind('_') + 1))};
  const Path vcpkg(Path(file.path.folder()).folder());  // installed/vcpkg/info
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = trim(next_line(rest));
    if (!line.empty() && !line.ends_with('/'))
      claim.files.push_back(Path(std::string(vcpkg.folder()) + "/" + std::string(line)).str());
  }
  sort_unique(claim.files);
  found.claims.push_back(std::move(claim));
}

// Of its packages SPDXRef-port is what was built, SPDXRef-binary its name and triplet, the others are downloads.
void read_spdx(const File& file, Inventory& found) {
  simdjson::dom::parser parser;
  object root;
  if (!read_json(parser, file, found, root)) return;
  FileNotes notes(file.path, found);
  Package package{.type = "vcpkg", .path = file.path, .claimed = true};
  for (const object one : json_objects(root, "packages", notes)) {
    const std::string id = json_text(one, "SPDXID");
    if (id == "SPDXRef-port") {
      package.name = json_text(one, "name");
      package.version = cut(json_text(one, "versionInfo"), '#').first;  // "1.3.1#2": the second recipe of it
      const std::string license = json_text(one, "licenseConcluded");
      if (!license.empty() && license != "NOASSERTION") package.licenses = {license};
    } else if (id == "SPDXRef-binary") {
      package.arch = cut(json_text(one, "name"), ':').second;
    }
  }
  add_named(std::move(package), found, notes);
  notes.finish();
}

void run(const File& file, Inventory& found) {
  const std::string_view name = file.path.name();
  if (name.ends_with(".json")) {
    read_spdx(file, found);
  } else if (name.ends_with(".list")) {
    read_list(file, found);
  } else {
    read_status(file, found);
  }
}

constexpr Pattern kDocument = "**/share/*/vcpkg.spdx.json";
constexpr std::array<Pattern, 4> kWants = {"**/vcpkg/status", "**/vcpkg/updates/*", "**/vcpkg/info/*.list",
                                           kDocument};

}  // namespace

bool is_of_vcpkg(const Path& path) { return matches(kDocument, path.str()); }

namespace catalogers {
extern const Cataloger vcpkg;
constexpr Cataloger vcpkg = {.name = "vcpkg",
                             .about = "C and C++ packages that vcpkg installed",
                             .version = 3,
                             .wants = kWants,
                             .run = run};
}  // namespace catalogers

}  // namespace peekr
