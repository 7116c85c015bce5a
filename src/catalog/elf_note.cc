// SPDX-License-Identifier: Apache-2.0
// Package notes of executables (uapi-group.org, "Package Metadata for Executable Files"): section ".note.package", owner
// "FDO", type 0xCAFE1A7E, then JSON:
//
//   {"type":"rpm","name":"hello","version":"0-1.fc35.x86_64","architecture":"x86_64","osCpe":"cpe:/o:fedoraproject:fedora:33"}
//
// The name is the source package's. It says which package a file is from where no package database does: one copied
// into an image from scratch.
#include <simdjson.h>

#include <string>

#include "base/cursor.h"
#include "base/text.h"
#include "catalog/executable.h"
#include "catalog/json_file.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr std::uint32_t kType = 0xCAFE1A7E;
// Of all notes of a file together: each of 65,535 segments may claim the whole file.
constexpr std::size_t kMostBytes = 1 << 20;

using simdjson::dom::element;
using simdjson::dom::object;

void note(Inventory& found, const File& file, const std::string& what) {
  found.notes.push_back({file.path, Why::damaged, "package note: " + what});
}

void read_json(const File& file, std::string_view json, Inventory& found) {
  simdjson::dom::parser parser;
  element root;
  object fields;
  const auto error = parser.parse(json.data(), json.size()).get(root);
  if (error != simdjson::SUCCESS)
    return note(found, file, std::string("not JSON: ") + simdjson::error_message(error));
  if (root.get(fields) != simdjson::SUCCESS) return note(found, file, "not an object");
  Package package{.type = json_text(fields, "type"),
                  .name = json_text(fields, "name"),
                  .version = json_text(fields, "version"),
                  .arch = json_text(fields, "architecture"),
                  .path = file.path,
                  .by_content = true};
  if (package.type.empty() || package.name.empty() || package.version.empty()) {
    return note(found, file, "no type, name or version");
  }
  // As rpm writes it, with the architecture behind the release.
  if (package.type == "rpm" && !package.arch.empty() && package.version.ends_with("." + package.arch)) {
    package.version.resize(package.version.size() - package.arch.size() - 1);
  }
  package.source = package.name;
  package.source_version = package.version;
  found.add(std::move(package));
}

// Notes one after the other: size of owner, size of content, type, owner, content, both padded to 4 bytes.
void read_notes(const File& file, const Executable& one, std::string_view bytes, Inventory& found) {
  Cursor in(bytes);
  const auto number = [&] {
    return one.order == std::endian::little ? in.le<std::uint32_t>() : in.be<std::uint32_t>();
  };
  while (in.remaining() >= 12) {
    const std::uint64_t owner_size = number(), size = number();
    const std::uint32_t type = number();
    const std::string_view owner = in.take(owner_size);
    in.skip((4 - owner_size % 4) % 4);
    const std::string_view content = in.take(size);
    if (!in.ok()) return;  // other notes are padded otherwise; ours stands in a section of its own
    if (type == kType && owner == std::string_view("FDO\0", 4)) {
      read_json(file, trim(content.substr(0, content.find('\0'))), found);
    }
    in.skip(std::min<std::uint64_t>((4 - size % 4) % 4, in.remaining()));
  }
}

void run(const File& file, Inventory& found) {
  if (file.offset != 0) return;  // notes stand near the start
  std::size_t left = kMostBytes;
  bool whole = true;
  const auto read = [&](const Executable& one, std::string_view bytes) {
    whole = whole && bytes.size() <= left;
    bytes = bytes.substr(0, left);
    left -= bytes.size();
    read_notes(file, one, bytes, found);
  };
  for (const Executable& one : executables(file.bytes)) {
    const std::size_t before = found.packages.size() + found.notes.size();
    const auto said = [&] { return found.packages.size() + found.notes.size() != before; };
    if (const Section* section = one.section(".note.package")) {
      read(one, section->bytes);
      if (!said() && whole) note(found, file, "cannot be read");
    }
    for (const std::string_view segment : one.notes) {
      if (!said()) read(one, segment);
    }
  }
  if (!whole) {
    found.notes.push_back(
        {file.path, Why::too_big,
         "notes: of more than " + std::to_string(kMostBytes) + " bytes the rest is not read"});
  }
}

}  // namespace

namespace catalogers {
extern const Cataloger elf_note;
constexpr Cataloger elf_note =
    executables_row("elf_note", "executables that name their distribution's package in a note", run);
}  // namespace catalogers

}  // namespace peekr
