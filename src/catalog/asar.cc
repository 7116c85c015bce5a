// SPDX-License-Identifier: Apache-2.0
// Programs for Electron, packed (github.com/electron/asar): a header of JSON, then the bytes of all files.
//
//   u32 4, u32 size of the header H, H: { u32 size, u32 length, JSON, zeros }, the files          little-endian
//   {"files": {"node_modules": {"files": {"ws": {"files": {"package.json": {"size": 9, "offset": "0"}}}}}}}
//
// Offsets count from the header's end. A file that is "unpacked" lies in the folder app.asar.unpacked beside it, a "link" elsewhere in it.
#include <simdjson.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/cursor.h"
#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/npm.h"
#include "catalog/packed.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

using simdjson::dom::object;

constexpr std::uint32_t kSizeOfSize = 4;
constexpr std::size_t kLongestPath = 4096;

struct Parts {
  std::string_view json, files;
};

Result<Parts> parts_of(std::string_view bytes) {
  Cursor cursor(bytes);
  const std::uint32_t first = cursor.le<std::uint32_t>();
  const std::string_view header = cursor.take(cursor.le<std::uint32_t>());
  Cursor inner(header);
  inner.skip(sizeof(std::uint32_t));
  const std::string_view json = inner.take(inner.le<std::uint32_t>());
  if (!cursor.ok() || !inner.ok() || first != kSizeOfSize)
    return fail(Errc::damaged, "not an asar archive, or cut short");
  return Parts{json, cursor.take(cursor.remaining())};
}

class Contents {
 public:
  Contents(const File& file, std::string_view files, Inventory& found)
      : file_(file),
        files_(files),
        found_(found),
        notes_(file.path, found),
        allowance_(nested_allowance(file)) {}

  // In depth: one path is kept, whatever there is in the header.
  void walk(object root) {
    std::string path;
    std::vector<Folder> open;
    if (!descend(root, path, open)) notes_.add(Why::damaged, "no list of files");
    while (!open.empty()) {
      Folder& folder = open.back();
      path.resize(folder.path);
      if (folder.next == folder.end) {
        open.pop_back();
        continue;
      }
      const auto [name, value] = *folder.next;
      ++folder.next;
      if (!path.empty()) path += '/';
      path += name;
      object entry;
      if (value.get(entry) != simdjson::SUCCESS) {
        notes_.add(Why::damaged, peekr::quoted(path) + ": not an object");
      } else if (path.size() > kLongestPath) {
        notes_.add(Why::too_big,
                   peekr::quoted(path) + ": a path of more than " + std::to_string(kLongestPath) + " bytes");
      } else if (!descend(entry, path, open) && name == "package.json") {
        read(entry, path);
      }
    }
    notes_.finish();
  }

 private:
  struct Folder {
    object::iterator next, end;
    std::size_t path;  // its length
  };

  // Whether it is a folder.
  bool descend(object entry, const std::string& path, std::vector<Folder>& open) {
    object files;
    const simdjson::error_code error = entry.at_key("files").get(files);
    if (error == simdjson::NO_SUCH_FIELD) return false;
    if (error != simdjson::SUCCESS) {
      notes_.add(Why::damaged, peekr::quoted(path) + ": files: not an object");
      return true;
    }
    open.push_back({files.begin(), files.end(), path.size()});
    return true;
  }

  void read(object entry, const std::string& path) {
    if (!is_npm_package(path) || json_flag(entry, "unpacked") || !json_text(entry, "link").empty()) return;
    std::uint64_t size = 0;
    const std::optional<std::uint64_t> offset = to_number(json_text(entry, "offset"));
    if (!offset || entry.at_key("size").get(size) != simdjson::SUCCESS)
      return notes_.add(Why::damaged, peekr::quoted(path) + ": no size or offset");
    Cursor cursor(files_);
    cursor.seek(*offset);
    const std::string_view bytes = cursor.take(size);
    if (!cursor.ok()) return notes_.add(Why::damaged, peekr::quoted(path) + ": beyond the end");
    if (size > allowance_.left())
      return notes_.add(Why::too_big, peekr::quoted(path) + ": " + over(allowance_).error().message);
    allowance_.spend(size);
    add({.path = Path(path), .bytes = bytes});
  }

  void add(const File& member) {
    Inventory inner;
    read_npm_package(member, inner);
    for (const Note& note : inner.notes)
      notes_.add(note.why, peekr::quoted(member.path.str()) + ": " + note.what);
    for (Package& one : inner.packages) {
      if (!seen_.emplace(one.name, one.version).second) continue;
      one.path = file_.path;
      one.needs = {};  // npm changes nothing in it
      one.provides = {};
      found_.add(std::move(one));
    }
  }

  const File& file_;
  std::string_view files_;
  Inventory& found_;
  FileNotes notes_;
  Allowance allowance_;
  std::set<std::pair<std::string, std::string>> seen_;  // name, version
};

void run(const File& file, Inventory& found) {
  const Result<Parts> parts = parts_of(file.bytes);
  if (!parts) return found.notes.push_back({file.path, why_of(parts.error()), parts.error().message});
  simdjson::dom::parser parser;
  object root;
  if (!read_json(parser, {.path = file.path, .bytes = parts->json}, found, root)) return;
  Contents(file, parts->files, found).walk(root);
}

constexpr std::array<Pattern, 1> kWants = {"**/*.asar"};

}  // namespace

namespace catalogers {
extern const Cataloger asar;
constexpr Cataloger asar = {.name = "asar",
                            .about = "programs for Electron: the Node.js packages in them",
                            .version = 2,
                            .wants = kWants,
                            .bulky = true,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr
