// SPDX-License-Identifier: Apache-2.0
// Java programs that GraalVM compiled to machine code (graalvm.org, "Native Image", --enable-sbom=embed): gzip-packed CycloneDX
// JSON where the symbol `sbom` says, as long as the 64-bit number at `sbom_length` says.
//
// Of ELF files: images for Windows and macOS are in no container.
#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/cursor.h"
#include "base/find.h"
#include "catalog/executable.h"
#include "catalog/json_file.h"
#include "catalog/packed.h"
#include "catalog/sbom.h"

namespace peekr {
namespace {

constexpr std::string_view kSbom = "sbom", kLength = "sbom_length";
constexpr std::uint64_t kMost = 32 << 20;  // unpacked; of a program with 500 libraries it has 1 MB

void note(Inventory& found, const File& file, Why why, const std::string& what) {
  found.notes.push_back({file.path, why, "SBOM of a native image: " + what});
}

// gabi, "Symbol Table": of 64 bits name, info, other, section, value, size; of 32 name, value, ...
std::optional<std::uint64_t> value_of(std::string_view name, const Executable& one, std::string_view table,
                                      std::string_view texts) {
  const bool little = one.order == std::endian::little;
  Cursor in(table);
  while (in.remaining() >= (one.wide ? 24 : 16)) {
    const auto word = [&] { return little ? in.le<std::uint32_t>() : in.be<std::uint32_t>(); };
    const std::uint32_t at = word();
    std::uint64_t value = 0;
    if (one.wide) {
      in.skip(4);
      value = little ? in.le<std::uint64_t>() : in.be<std::uint64_t>();
      in.skip(8);
    } else {
      value = word();
      in.skip(8);
    }
    if (at < texts.size() && texts.substr(at).starts_with(name) && texts.substr(at).size() > name.size() &&
        texts[at + name.size()] == '\0')
      return value;
  }
  return std::nullopt;
}

// Of a stripped program only the dynamic table is left.
std::optional<std::uint64_t> address_of(std::string_view name, const Executable& one) {
  for (const auto& [table, texts] : {std::pair(".dynsym", ".dynstr"), std::pair(".symtab", ".strtab")}) {
    const Section *symbols = one.section(table), *names = one.section(texts);
    // Most programs have none: do not go through all of their symbols.
    if (symbols == nullptr || names == nullptr || find_in(names->bytes, kLength) == std::string_view::npos)
      continue;
    if (const auto value = value_of(name, one, symbols->bytes, names->bytes)) return value;
  }
  return std::nullopt;
}

void read_sbom(const File& file, std::string_view packed, Inventory& found) {
  Allowance allowance(kMost, file.allowance);
  const Result<std::string> json = unpacked(packed, allowance);
  if (!json) return note(found, file, why_of(json.error()), json.error().message);
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  Inventory own;
  if (read_json(parser, {.path = file.path, .bytes = *json, .neighbours = {}}, own, root)) {
    FileNotes notes(file.path, own);
    for (const SbomComponent& one : read_cyclonedx(root, notes)) add_component(one, file, own, notes);
    if (own.packages.empty() && own.notes.empty()) notes.add(Why::damaged, "no component in it");
    notes.finish();
  }
  for (Package& package : own.packages) {
    // Not only claimed: the compiler itself lists what it has put in.
    package.claimed = false;
    package.purl.clear();
    found.add(std::move(package));
  }
  for (const Note& one : own.notes) note(found, file, one.why, one.what);
}

// Whether the name of the symbol is there, whole and not the end of another one. Sought without the NUL before it, of
// which there are very many.
bool names_length(std::string_view bytes) {
  constexpr std::string_view kEnded(kLength.data(), kLength.size() + 1);
  for (std::size_t at = find_in(bytes, kEnded); at != std::string_view::npos;
       at = find_in(bytes, kEnded, at + 1)) {
    if (at == 0 || bytes[at - 1] == '\0') return true;
  }
  return false;
}

void run(const File& file, Inventory& found) {
  if (file.size != 0) {  // the symbols are at the end, the bytes that they name are not
    const auto names = [](const Stretch& part) { return names_length(part.bytes); };
    if (std::ranges::any_of(beside_code(file), names))
      note(found, file, Why::too_big, "the program is read in pieces");
    return;
  }
  for (const Executable& one : executables(file.bytes)) {
    if (one.format != Executable::Format::elf) continue;
    const auto sbom = address_of(kSbom, one), length = address_of(kLength, one);
    if (!sbom && !length) continue;
    if (!sbom || !length) {
      note(found, file, Why::damaged, "only one of its two symbols is there");
      continue;
    }
    Cursor number(one.at(*length, 8));
    const std::uint64_t size =
        one.order == std::endian::little ? number.le<std::uint64_t>() : number.be<std::uint64_t>();
    const std::string_view packed = one.at(*sbom, size);
    if (!number.ok() || size == 0 || packed.empty()) {
      note(found, file, Why::damaged, "it lies outside of the file");
    } else {
      read_sbom(file, packed, found);
    }
  }
}

}  // namespace

namespace catalogers {
extern const Cataloger native_image;
constexpr Cataloger native_image =
    executables_row("native_image", "Java programs compiled by GraalVM: the SBOM inside", run);
}  // namespace catalogers

}  // namespace peekr
