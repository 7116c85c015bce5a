// SPDX-License-Identifier: Apache-2.0
// .NET assemblies by the version resource that their builder put in (learn.microsoft.com, "VS_VERSIONINFO"): blocks in blocks,
// each aligned to four bytes from the start of the first:
//
//   u16 length, u16 length of the value, u16 type; the key in UTF-16, 0; the value; blocks
//   VS_VERSION_INFO > StringFileInfo > one table a language ("000004b0") > "ProductVersion" = "13.0.3+0a2e.."
//
// An assembly is called as it was built (OriginalFilename), which for a package of NuGet mostly is its id. Only files with
// metadata of the runtime are looked at, and the programs that start one ("App.exe" whose original name is App.dll).
#include <array>
#include <string>
#include <vector>

#include "base/cursor.h"
#include "base/text.h"
#include "catalog/executable.h"

namespace peekr {
namespace {

constexpr std::string_view kMetadata = "BSJB";              // ECMA-335, II.24.2.1
constexpr std::size_t kMostBlocks = 256, kMostText = 1024;  // of one level, of a text

std::string wide(std::string_view text) {
  std::string out;
  for (const char c : text) out += {c, '\0'};
  return out;
}

// UTF-16 up to a zero; what is not ASCII becomes "?".
std::string narrow(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size() && out.size() < kMostText; i += 2) {
    if (text[i] == 0 && text[i + 1] == 0) break;
    out += text[i + 1] == 0 && static_cast<unsigned char>(text[i]) < 0x80 ? text[i] : '?';
  }
  return out;
}

struct Block {
  std::string key;
  std::string_view value;
  std::size_t inside = 0, end = 0;  // where its blocks are
};

constexpr std::size_t aligned(std::size_t at) { return (at + 3) & ~std::size_t{3}; }

// The block at `at` of `bytes`; an empty key: there is none.
Block block_at(std::string_view bytes, std::size_t at) {
  Cursor in(bytes);
  in.seek(at);
  const std::size_t size = in.le<std::uint16_t>(), value_size = in.le<std::uint16_t>();
  const bool is_text = in.le<std::uint16_t>() == 1;
  Block block{.key = narrow(bytes.substr(in.position())), .value = {}};
  block.end = std::min(bytes.size(), at + size);
  const std::size_t value = aligned(in.position() + 2 * block.key.size() + 2);
  if (!in.ok() || size < 6 || value > block.end) return {};
  block.value = bytes.substr(value, std::min(block.end - value, value_size * (is_text ? 2 : 1)));
  block.inside = aligned(value + block.value.size());
  return block;
}

std::vector<Block> blocks_of(std::string_view bytes, const Block& outer) {
  std::vector<Block> all;
  for (std::size_t at = outer.inside; at < outer.end && all.size() < kMostBlocks;) {
    all.push_back(block_at(bytes, at));
    if (all.back().key.empty() && all.back().end <= at) break;
    at = aligned(all.back().end);
  }
  return all;
}

struct Version {
  std::string name, product, file;
};

// The resource begins six bytes before its key.
Version version_of(std::string_view resources) {
  Version version;
  const std::size_t key = resources.find(wide("VS_VERSION_INFO"));
  if (key == std::string_view::npos || key < 6) return version;
  const std::string_view bytes = resources.substr(key - 6);
  for (const Block& info : blocks_of(bytes, block_at(bytes, 0))) {
    if (info.key != "StringFileInfo") continue;
    for (const Block& table : blocks_of(bytes, info)) {
      for (const Block& text : blocks_of(bytes, table)) {
        if (text.key == "OriginalFilename" || (text.key == "InternalName" && version.name.empty())) {
          version.name = narrow(text.value);
        }
        if (text.key == "ProductVersion") version.product = narrow(text.value);
        if (text.key == "FileVersion") version.file = narrow(text.value);
      }
    }
  }
  return version;
}

// "6.0.121+commit", "4.8.9037.0 built by: NET48REL1" -> what is in front
std::string first_word(std::string_view text) {
  text = trim(text);
  text = text.substr(0, text.find_first_of("+ ,"));
  return !text.empty() && is_digit(text.front()) ? std::string(text) : std::string();
}

bool has_metadata(const Executable& executable) {
  for (const Section& section : executable.sections) {
    if (section.bytes.find(kMetadata) != std::string_view::npos) return true;
  }
  return false;
}

void run(const File& file, Inventory& found) {
  if (file.size != 0) {  // in pieces: the resources are in another than the headers
    if (file.offset == 0 && file.head().starts_with("MZ"))
      found.notes.push_back({file.path, Why::too_big, "its version is not read: it is read in pieces"});
    return;
  }
  for (const Executable& one : executables(file.bytes)) {
    const Section* resources = one.section(".rsrc");
    if (one.format != Executable::Format::pe || resources == nullptr) continue;
    const Version version = version_of(resources->bytes);
    const bool starts = lower(file.path.name()).ends_with(".exe") && version.name.ends_with(".dll");
    std::string name = version.name.empty() ? std::string(file.path.name()) : version.name;
    if (!starts && !has_metadata(one)) continue;
    if (!starts) name = name.substr(0, name.rfind('.'));
    std::string number = first_word(version.product);
    if (const std::string whole = first_word(version.file); number.empty() || whole == number + ".0")
      number = whole;
    if (number.empty()) continue;  // built without one: nothing is known, as of any other program
    found.add({.type = "nuget",
               .name = std::move(name),
               .version = std::move(number),
               .path = file.path,
               .by_content = true});
  }
}

constexpr std::array<Pattern, 4> kWants = {"**/*.dll", "**/*.exe", "**/*.DLL", "**/*.EXE"};

}  // namespace

namespace catalogers {
extern const Cataloger dotnet_pe;
constexpr Cataloger dotnet_pe = {.name = "dotnet_pe",
                                 .about = ".NET assemblies: what their version resources say",
                                 .version = 1,
                                 .wants = kWants,
                                 .takes = Takes::pieces,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
