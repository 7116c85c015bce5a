// SPDX-License-Identifier: Apache-2.0
// Chisel (documentation.ubuntu.com/chisel, "manifest"): slices of Ubuntu's packages, cut without a dpkg database. zstd around
// JSON, a line a record, the first one a header:
//
//   var/lib/chisel/manifest.wall
//     {"jsonwall":"1.0","schema":"1.0","count":51}
//     {"kind":"package","name":"libc6","version":"2.39-0ubuntu8","sha256":"...","arch":"amd64"}
//     {"kind":"path","path":"/usr/lib/libc.so.6","mode":"0755","slices":["libc6_libs"],"sha256":"...","size":1}
//
// A slice is <package>_<part>. Source packages, by whose names Ubuntu publishes, are not named: a Note.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/packed.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::object;

constexpr std::uint64_t kMost = std::uint64_t{64} << 20;

class Wall {
 public:
  Wall(const File& file, Inventory& found) : file_(file), found_(found), notes_(file.path, found) {}

  void line(std::string_view text, std::size_t number) {
    object record;
    if (parser_.parse(text.data(), text.size()).get(record) != simdjson::SUCCESS)
      return notes_.add(Why::damaged, "line " + std::to_string(number) + ": no JSON object");
    const std::string kind = json_text(record, "kind");
    if (kind == "path") {
      const std::string path = json_text(record, "path");
      if (path.empty() || path.ends_with('/')) return;
      for (const std::string& slice : json_texts(record, "slices"))
        files_[slice.substr(0, slice.find('_'))].push_back(Path(path).str());
    } else if (kind == "package") {
      add_named({.type = "deb",
                 .name = json_text(record, "name"),
                 .version = json_text(record, "version"),
                 .arch = json_text(record, "arch"),
                 .path = file_.path},
                found_, notes_);
    }
  }

  void finish() {
    for (Package& package : found_.packages) {
      package.source = package.name;
      package.source_version = package.version;
      package.files = std::move(files_[package.name]);
      sort_unique(package.files);
    }
    if (!found_.packages.empty())
      notes_.add(Why::unsupported,
                 "no source packages are named: what is published under another name is missed");
    notes_.finish();
  }

  FileNotes& notes() { return notes_; }

 private:
  const File& file_;
  Inventory& found_;
  FileNotes notes_;
  simdjson::dom::parser parser_;
  std::map<std::string, PackedTexts, std::less<>> files_;  // by package
};

void run(const File& file, Inventory& found) {
  Wall wall(file, found);
  Allowance allowance(kMost, file.allowance);
  const Result<std::string> text = unpacked(file.bytes, allowance);
  if (!text) {
    wall.notes().add(why_of(text.error()), text.error().message);
    return wall.finish();
  }
  std::string_view rest = *text;
  if (!rest.starts_with("{\"jsonwall\"")) wall.notes().add(Why::damaged, "no jsonwall");
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = next_line(rest);
    if (number > 1 && !line.empty()) wall.line(line, number);
  }
  wall.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/var/lib/chisel/manifest.wall"};

}  // namespace

namespace catalogers {
extern const Cataloger chisel;
constexpr Cataloger chisel = {.name = "chisel",
                              .about = "Ubuntu packages that Chisel cut: its manifest, owned files",
                              .version = 1,
                              .wants = kWants,
                              .of_system = true,
                              .run = run};
}  // namespace catalogers

}  // namespace peekr
