// SPDX-License-Identifier: Apache-2.0
// Extensions of Visual Studio Code and its relatives (code-server, openvscode-server): a list in the folder of the extensions.
//
//   .vscode-server/extensions/extensions.json
//     [{"identifier": {"id": "ms-python.python"}, "version": "2023.20.0", "relativeLocation": "ms-python.python-2023.20.0"}]
//   x.vsix, what editors unpack (a zip file): extension/package.json {"publisher": "ms-python", "name": "python", "version": ...}. It is
//                                         there, though not installed: claimed
//
// The id is the publisher and the name, in whatever case (code.visualstudio.com, "Extension Manifest"); other programs keep other lists
// under that name (Firefox an object): they are none of these.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/packed.h"
#include "catalog/stanza.h"
#include "catalog/zip_view.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMostManifest = 8 << 20;

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

void add(object one, const File& file, Inventory& found, FileNotes& notes) {
  object identifier;
  if (one.at_key("identifier").get(identifier) != simdjson::SUCCESS)
    return notes.add(Why::damaged, "an extension without an identifier");
  const std::string id = lower(json_text(identifier, "id"));
  const auto [publisher, name] = cut(id, '.');
  if (publisher.empty() || name.empty())
    return notes.add(Why::damaged, peekr::quoted(id) + ": not a publisher and a name");
  add_named({.type = "vscode-extension",
             .name = std::string(publisher) + "/" + std::string(name),
             .version = json_text(one, "version"),
             .path = file.path},
            found, notes);
}

// Those of Visual Studio itself are zip files of the same name, without that manifest: they are none of these.
void read_zipped(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const Result<ZipView> zip = ZipView::open(file.bytes);
  if (!zip) return notes.add(why_of(zip.error()), zip.error().message);
  const auto member =
      std::ranges::find(zip->members(), std::string_view("extension/package.json"), &ZipView::Member::name);
  if (member == zip->members().end()) {
    if (std::string gap = zip->gap(); !gap.empty()) notes.add(Why::damaged, std::move(gap));
    return;
  }
  Allowance allowance = nested_allowance(file);
  const Result<std::string> manifest = zip->read(*member, kMostManifest, allowance);
  if (!manifest) return notes.add(why_of(manifest.error()), manifest.error().message);
  simdjson::dom::parser parser;
  object root;
  if (!read_json(parser, {.path = file.path, .bytes = *manifest}, found, root)) return;
  const std::string publisher = lower(json_text(root, "publisher")), name = lower(json_text(root, "name"));
  add_named({.type = "vscode-extension",
             .name = publisher.empty() || name.empty() ? std::string() : publisher + "/" + name,
             .version = json_text(root, "version"),
             .path = file.path,
             .claimed = true},
            found, notes);
}

void run(const File& file, Inventory& found) {
  if (file.path.name().ends_with(".vsix")) return read_zipped(file, found);
  simdjson::dom::parser parser;
  element root;
  array list;
  if (!read_json(parser, file, found, root) || root.get(list) != simdjson::SUCCESS) return;
  FileNotes notes(file.path, found);
  for (const element item : list) {
    object one;
    if (item.get(one) == simdjson::SUCCESS) {
      add(one, file, found, notes);
    } else {
      notes.add(Why::damaged, "an extension that is no object");
    }
  }
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/extensions/extensions.json", "**/*.vsix"};

}  // namespace

namespace catalogers {
extern const Cataloger vscode_extension;
constexpr Cataloger vscode_extension = {
    .name = "vscode_extension",
    .about = "extensions of Visual Studio Code and its relatives, also archives of them",
    .version = 3,
    .wants = kWants,
    .run = run};
}  // namespace catalogers

}  // namespace peekr
