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
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr std::uint32_t kType = 0xCAFE1A7E;

using simdjson::dom::element;
using simdjson::dom::object;

std::string text(object from, std::string_view key) {
  std::string_view found;
  return from.at_key(key).get(found) == simdjson::SUCCESS ? std::string(found) : std::string();
}

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
  Package package{.type = text(fields, "type"),
                  .name = text(fields, "name"),
                  .version = text(fields, "version"),
                  .arch = text(fields, "architecture"),
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
  found.packages.push_back(std::move(package));
}

constexpr std::size_t kMostBytes = 1 << 20;  // of notes in one place

// Notes one after the other: size of owner, size of content, type, owner, content, both padded to 4 bytes.
void read_notes(const File& file, const Executable& one, std::string_view bytes, Inventory& found) {
  Cursor in(bytes.substr(0, kMostBytes));
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
  for (const Executable& one : executables(file.bytes)) {
    const std::size_t before = found.packages.size() + found.notes.size();
    if (const Section* section = one.section(".note.package")) {
      read_notes(file, one, section->bytes, found);
      if (found.packages.size() + found.notes.size() == before) note(found, file, "cannot be read");
    }
    for (const std::string_view segment : one.notes) {
      if (found.packages.size() + found.notes.size() == before) read_notes(file, one, segment, found);
    }
  }
}

}  // namespace

namespace catalogers {
extern const Cataloger elf_note;
constexpr Cataloger elf_note =
    executables_row("elf_note", "executables that name their distribution's package in a note", run);
}  // namespace catalogers

}  // namespace peekr
