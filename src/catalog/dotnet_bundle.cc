// SPDX-License-Identifier: Apache-2.0
// .NET programs that are a single file (github.com/dotnet/designs, accepted/2020/single-file/bundler.md): the host with all files
// of the program behind it, among them its deps.json. In the host, 8 bytes before the 32 of kMark, stands where the header is; 0: it
// is a host without a bundle. All numbers are little endian, a text has its length in front (LEB128):
//
//   header  u32 major (1, 2 or 6), u32 minor, i32 files, text id; from 2 on: i64 offset and i64 size of deps.json, the same of
//           runtimeconfig.json, u64 flags
//   file    i64 offset, i64 size; from 6 on: i64 packed size, 0: it is not packed; u8 type (3: deps.json), text name
#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/cursor.h"
#include "base/find.h"
#include "catalog/dotnet_deps.h"
#include "catalog/executable.h"

namespace peekr {
namespace {

// SHA-256 of ".net core bundle" and a line end.
constexpr std::string_view kMark(
    "\x8b\x12\x02\xb9\x6a\x61\x20\x38\x72\x7b\x93\x02\x14\xd7\xa0\x32\x13\xf5\xb9\xe6\xef\xae\x33\x18\xee\x3b"
    "\x2d"
    "\xce\x24\xb3\x6a\xae",
    32);

struct Place {
  std::uint64_t offset = 0, size = 0, packed = 0;
};

void note(Inventory& found, const File& file, Why why, std::string_view what) {
  found.notes.push_back({file.path, why, ".NET bundle: " + std::string(what)});
}

std::string_view text(Cursor& in) { return in.take(in.varint()); }

// The list of packages as the file's own list has it.
std::optional<Place> listed_deps(Cursor& in, std::uint32_t files, std::uint32_t major) {
  constexpr std::uint8_t kDeps = 3;
  for (std::uint32_t i = 0; i < files && in.ok(); ++i) {
    Place one{.offset = in.le<std::uint64_t>(), .size = in.le<std::uint64_t>()};
    if (major >= 6) one.packed = in.le<std::uint64_t>();
    const auto type = in.le<std::uint8_t>();
    text(in);
    if (in.ok() && type == kDeps) return one;
  }
  return std::nullopt;
}

void read_header(const File& file, std::uint64_t header, Inventory& found) {
  Cursor in(file.bytes);
  in.seek(header);
  const auto major = in.le<std::uint32_t>(), minor = in.le<std::uint32_t>(), files = in.le<std::uint32_t>();
  text(in);
  Place deps;
  if (major >= 2) {
    deps = {.offset = in.le<std::uint64_t>(), .size = in.le<std::uint64_t>()};
    in.skip(24);
  }
  if (!in.ok()) return note(found, file, Why::damaged, "its header is cut short");
  if ((major != 1 && major != 2 && major != 6) || minor != 0)
    return note(found, file, Why::unsupported, "version " + std::to_string(major));
  if (deps.size == 0) deps = listed_deps(in, files, major).value_or(Place{});
  if (!in.ok()) return note(found, file, Why::damaged, "its list of files is cut short");
  if (deps.size == 0)
    return note(found, file, Why::unsupported, "it has no deps.json: what it is made of is not known");
  if (deps.packed != 0) return note(found, file, Why::unsupported, "its deps.json is packed");
  Cursor document(file.bytes);
  document.seek(deps.offset);
  const std::string_view bytes = document.take(deps.size);
  if (!document.ok()) return note(found, file, Why::damaged, "its deps.json is cut short");
  read_dotnet_deps({.path = file.path, .bytes = bytes}, found);
}

// Where the header of the bundle is, as these bytes of the host say it; nothing: they do not.
std::optional<std::uint64_t> header_in(std::string_view bytes) {
  constexpr std::uint64_t kMost =
      std::uint64_t{1} << 40;  // other programs know the mark, too: what is before it there is no offset
  for (std::size_t at = find_in(bytes, kMark); at != std::string_view::npos;
       at = find_in(bytes, kMark, at + 1)) {
    if (at < 8) continue;
    const auto offset = Cursor(bytes.substr(at - 8)).le<std::uint64_t>();
    if (offset > 0 && offset < kMost) return offset;
  }
  return std::nullopt;
}

// The mark stands in a variable.
std::optional<std::uint64_t> header_of(const File& file) {
  for (const Stretch& part : writable_data(file)) {
    if (const std::optional<std::uint64_t> header = header_in(part.bytes)) return header;
  }
  return std::nullopt;
}

// The object of JSON that begins there, if it ends.
std::string_view object_at(std::string_view bytes, std::size_t start) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = start; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '{') ++depth;
    if (c == '}' && --depth == 0) return bytes.substr(start, i + 1 - start);
  }
  return {};
}

// Of a bundle that comes in pieces the header is in another one than the host: its deps.json is known by what it begins with. Until
// it has come, a note says that it is missing.
void run_piece(const File& file, Inventory& found) {
  constexpr std::string_view kBegin = "\"runtimeTarget\"", kBlank = " \t\r\n";
  constexpr std::string_view kMissing = "its packages are not known: it is read in pieces";
  const auto is_missing = [&](const Note& one) {
    return one.path == file.path && one.what.ends_with(kMissing);
  };
  const auto is_known = [&](const Package& one) { return one.path == file.path && one.type == "nuget"; };
  // The end of a piece comes again in the next one.
  if (std::ranges::any_of(found.packages, is_known)) return;
  if (std::ranges::none_of(found.notes, is_missing)) {
    if (!header_of(file)) return;
    note(found, file, Why::too_big, kMissing);
  }
  std::size_t tries = 16;  // each looks at much
  for (std::size_t at = find_in(file.bytes, kBegin); at != std::string_view::npos && tries-- > 0;
       at = find_in(file.bytes, kBegin, at + 1)) {
    const std::size_t start = at == 0 ? at : file.bytes.find_last_not_of(kBlank, at - 1);
    if (start == std::string_view::npos || file.bytes[start] != '{') continue;
    Inventory deps{.most_packages = found.most_packages - found.packages.size()};
    const std::string_view bytes = object_at(file.bytes, start);
    if (!bytes.empty()) read_dotnet_deps({.path = file.path, .bytes = bytes}, deps);
    if (deps.packages.empty()) continue;
    std::erase_if(found.notes, is_missing);
    std::ranges::move(deps.packages, std::back_inserter(found.packages));
    std::ranges::move(deps.notes, std::back_inserter(found.notes));
    found.left_out = found.left_out || deps.left_out;
    return;
  }
}

void run(const File& file, Inventory& found) {
  if (file.size != 0) return run_piece(file, found);
  if (const std::optional<std::uint64_t> header = header_of(file)) read_header(file, *header, found);
}

}  // namespace

namespace catalogers {
extern const Cataloger dotnet_bundle;
constexpr Cataloger dotnet_bundle = executables_row(
    "dotnet_bundle", ".NET programs that are a single file: the packages of the deps.json inside", run);
}  // namespace catalogers

}  // namespace peekr
