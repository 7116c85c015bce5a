// SPDX-License-Identifier: Apache-2.0
// Go programs name what they are built of (cmd/go, runtime/debug.BuildInfo; the form: cmd/link, debug/buildinfo):
//
//   "\xff Go buildinf:"  14 bytes, at a multiple of 16 in the first writable data; then pointer size, flags
//   flags & 2            from byte 32: the Go version and the modules, each a varint length and its bytes (Go 1.18)
//   else                 from byte 16: two pointers to strings (pointer, length) in the order of flags & 1
//
//   path    command            mod  module  version  sum        build  key=value
//   dep     module  version  sum                =>   module  version  sum   (stands for the dep before it)
//
// The modules' text stands between two 16-byte marks. In a file that is read in pieces no section leads to them, so both are looked for
// by their first bytes.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/cursor.h"
#include "base/find.h"
#include "base/text.h"
#include "catalog/executable.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr std::string_view kMagic = "\xff Go buildinf:";
constexpr std::size_t kAlignment = 16, kHeader = 32, kMark = 16;
constexpr std::uint64_t kLongest = 1 << 20;  // of the version or the modules
constexpr std::string_view kUnknown = "(devel)";

struct BuildInfo {
  std::string_view version, modules;
  std::size_t at = 0;  // of its magic
  bool whole = false;
};

// A Go string header at that address, and its bytes.
std::string_view string_at(const Executable& in, std::uint64_t address, unsigned word) {
  const std::string_view raw = in.at(address, 2 * std::uint64_t{word});
  const bool little = in.order == std::endian::little;
  Cursor header(raw);
  const auto number = [&]() -> std::uint64_t {
    if (word == 4) return little ? header.le<std::uint32_t>() : header.be<std::uint32_t>();
    return little ? header.le<std::uint64_t>() : header.be<std::uint64_t>();
  };
  const std::uint64_t start = number(), size = number();
  return header.ok() && size <= kLongest ? in.at(start, size) : std::string_view();
}

std::string_view pointed_at(const Executable& in, std::string_view raw, unsigned word, bool big) {
  Cursor pointer(raw);
  std::uint64_t address = 0;
  if (word == 4) {
    address = big ? pointer.be<std::uint32_t>() : pointer.le<std::uint32_t>();
  } else {
    address = big ? pointer.be<std::uint64_t>() : pointer.le<std::uint64_t>();
  }
  return string_at(in, address, word);
}

// What stands at the magic; an empty version: it cannot be read. `in` is null where only a piece is there.
BuildInfo read_info(std::string_view bytes, const Executable* in) {
  Cursor header(bytes);
  header.skip(kMagic.size());
  const auto word = header.le<std::uint8_t>(), flags = header.le<std::uint8_t>();
  BuildInfo info;
  if ((flags & 2u) != 0) {
    header.seek(std::min(kHeader, bytes.size()));
    info.version = header.take(header.varint());
    info.modules = header.take(header.varint());
    info.whole = header.ok();
  } else if (in != nullptr && (word == 4 || word == 8)) {
    const bool big = (flags & 1u) != 0;
    const std::string_view first = header.take(word), second = header.take(word);
    info.version = pointed_at(*in, first, word, big);
    info.modules = pointed_at(*in, second, word, big);
    info.whole = header.ok();
  }
  return info;
}

bool plausible(std::string_view version) {
  return version.size() < 256 && (version.starts_with("go1") || version.starts_with("devel "));
}

// The first build information in that data; an empty version: there is none.
BuildInfo find_info(std::string_view data, const Executable* in) {
  constexpr unsigned kMost = 256;  // a program that looks for the magic holds it, too
  std::size_t at = find_in(data, kMagic);
  for (unsigned i = 0; i < kMost && at != std::string_view::npos; ++i, at = find_in(data, kMagic, at + 1)) {
    if (at % kAlignment != 0 && in != nullptr) continue;
    BuildInfo info = read_info(data.substr(at), in);
    info.at = at;
    if (plausible(info.version)) return info;
  }
  return {};
}

const Section* info_section(const Executable& in) {
  const Section* section = in.section(".go.buildinfo");
  return section != nullptr ? section : in.section("__go_buildinfo");
}

// Where Go's own reader looks: the section, else the first writable segment.
std::string_view data_of(const Executable& in) {
  if (const Section* section = info_section(in); section != nullptr && !section->bytes.empty()) {
    return section->bytes;
  }
  const auto found = std::ranges::find(in.segments, true, &Section::writable);
  return found == in.segments.end() ? std::string_view() : found->bytes;
}

// "go1.22.1 X:nocoverageredesign", "go1.26.1-X:jsonv2", "go1.22.2-vendor" -> "1.22.1", "1.26.1", "1.22.2": what stands behind a
// blank or "-" is the builder's (go.dev/doc/toolchain#version). "devel go1.23-0123abc Mon ..." -> "1.23-0123abc", from before 1.23.
std::string toolchain(std::string_view version) {
  const bool devel = version.starts_with("devel ");
  if (devel) version.remove_prefix(6);
  version = version.substr(0, version.find_first_of(devel ? " \t" : " \t-"));
  if (version.starts_with("go")) version.remove_prefix(2);
  return std::string(version);
}

struct Module {
  std::string path, version;
};

struct Modules {
  std::string command;  // the main package
  std::optional<Module> main;
  std::vector<Module> all;
  std::map<std::string, std::string, std::less<>> settings;
};

bool is_folder(std::string_view path) {
  return path.starts_with("./") || path.starts_with("../") || path.starts_with('/');
}

Modules parse_modules(std::string_view text) {
  if (text.size() > 2 * kMark && text[text.size() - kMark - 1] == '\n') {
    text = text.substr(kMark, text.size() - 2 * kMark);
  }
  Modules out;
  Module* last = nullptr;
  while (!text.empty()) {
    const std::vector<std::string_view> fields = split(next_line(text), '\t');
    const auto field = [&](std::size_t i) { return i < fields.size() ? fields[i] : std::string_view(); };
    if (fields[0] == "path") out.command = field(1);
    if (fields[0] == "build") {
      const auto [key, value] = cut(field(1), '=');
      out.settings.emplace(key, value);
    }
    if (fields[0] == "mod") {
      out.main = Module{std::string(field(1)), std::string(field(2))};
      last = &*out.main;
    } else if (fields[0] == "dep") {
      out.all.push_back({std::string(field(1)), std::string(field(2))});
      last = &out.all.back();
    } else if (fields[0] == "=>" && last != nullptr && !is_folder(field(1))) {
      *last = {std::string(field(1)), std::string(field(2))};
    }
  }
  return out;
}

// "v1.2.3-rc.1", also without the v.
bool is_release(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const std::vector<std::string_view> parts = split(text.substr(0, text.find_first_of("-+")), '.');
  return parts.size() == 3 &&
         std::ranges::all_of(parts, [](std::string_view one) { return to_number(one).has_value(); });
}

// What the build put into a variable for versions: -ldflags="-X main.version=1.2.3". Variables of the program itself count
// first; where they disagree nothing is known.
std::string linked_version(std::string_view flags, std::string_view module) {
  constexpr std::string_view kQuotes = "'\"\\";
  std::array<std::set<std::string>, 2> values;  // its own, others
  for (const std::string_view raw : split(flags, ' ')) {
    const std::size_t first = raw.find_first_not_of(kQuotes);
    if (first == std::string_view::npos) continue;
    std::string_view word = raw.substr(first, raw.find_last_not_of(kQuotes) + 1 - first);
    if (word.starts_with("-X=")) word.remove_prefix(3);
    const auto [key, value] = cut(word, '=');
    const std::string name = lower(key.substr(key.rfind('.') + 1));
    if (!is_release(value) || !(name.ends_with("version") || name.ends_with("ver") || name.ends_with("tag")))
      continue;
    const bool own = key.starts_with("main.") || (!module.empty() && key.starts_with(module));
    values[own ? 0 : 1].insert((value.starts_with('v') ? "" : "v") + std::string(value));
  }
  const std::set<std::string>& best = values[0].empty() ? values[1] : values[0];
  return best.size() == 1 ? *best.begin() : std::string();
}

// A work tree with changes stamps "v1.2.3+dirty".
std::string main_version(const Module& main, const Modules& modules) {
  std::string version = main.version.substr(0, main.version.find("+dirty"));
  if (!version.empty() && version != kUnknown) return version;
  const auto flags = modules.settings.find("-ldflags");
  if (flags != modules.settings.end()) version = linked_version(flags->second, main.path);
  return version.empty() || version == kUnknown ? std::string(kUnknown) : version;
}

// What the build information says, which knows better than `otherwise`, the headers of the file.
std::string arch_of(const Modules& modules, std::string_view otherwise) {
  const auto stated = modules.settings.find("GOARCH");
  return stated == modules.settings.end() ? std::string(otherwise) : stated->second;
}

// One program, and for which processor it was built: as Go names it, "amd64"; empty: not known.
struct Program {
  const File& file;
  Inventory& found;
  std::string arch;
};

void add(const Program& to, std::string name, std::string version) {
  if (name.empty()) return;  // of a module that an old toolchain replaced by a folder
  to.found.add({.type = "golang",
                .name = std::move(name),
                .version = std::move(version),
                .arch = to.arch,
                .path = to.file.path});
}

void add_modules(const Program& to, const Modules& modules) {
  if (modules.main) add(to, modules.main->path, main_version(*modules.main, modules));
  for (const Module& one : modules.all) add(to, one.path, one.version);
  Inventory& found = to.found;
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> seen;
  std::vector<bool> again;
  for (const Package& one : found.packages)
    again.push_back(one.type == "golang" && !seen.emplace(one.name, one.version, one.arch).second);
  std::size_t i = 0;
  std::erase_if(found.packages, [&](const Package&) { return again[i++]; });
}

void note(Inventory& found, const File& file, Why why, std::string what) {
  found.notes.push_back({file.path, why, std::move(what)});
}

// `arch`: what the headers of the file say.
void add_all(const BuildInfo& info, const File& file, std::string_view arch, Inventory& found) {
  const Modules modules = parse_modules(info.modules);
  const Program to{file, found, arch_of(modules, arch)};
  add(to, "stdlib", toolchain(info.version));
  add_modules(to, modules);
  if (!info.whole) note(found, file, Why::damaged, "Go build information: the modules are cut short");
}

// Before Go 1.18: what stands between two marks, for pointers lead to other pieces.
std::string_view marked_text(std::string_view bytes) {
  constexpr std::string_view kStart = "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6";
  constexpr std::string_view kEnd = "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2";
  static_assert(kStart.size() == kMark);
  const std::size_t start = find_in(bytes, kStart);
  const std::size_t end = start == std::string_view::npos ? start : find_in(bytes, kEnd, start);
  if (end == std::string_view::npos || end - start > kLongest) return {};
  const std::string_view text = bytes.substr(start + kMark, end - start - kMark);
  return text.starts_with("path\t") ? text : std::string_view();
}

void add_marked(const File& file, Inventory& found) {
  for (const Stretch& part : beside_code(file)) {
    const std::string_view text = marked_text(part.bytes);
    if (text.empty()) continue;
    const Modules modules = parse_modules(text);
    return add_modules({file, found, arch_of(modules, "")}, modules);
  }
}

BuildInfo find_in_piece(const File& file) {
  for (const Stretch& part : writable_data(file)) {
    BuildInfo info = find_info(part.bytes, nullptr);
    info.at += part.at;
    if (!info.version.empty()) return info;
  }
  return {};
}

// All pieces of a file share `found`, and the end of one comes again in the next one.
void run_piece(const File& file, Inventory& found) {
  const BuildInfo info = find_in_piece(file);
  const bool comes_again = !file.is_last() && info.at + kPieceOverlap >= file.bytes.size();
  if (info.version.empty()) {
    add_marked(file, found);
  } else if (info.whole || !comes_again) {
    add_all(info, file, "", found);
  }
  const auto is_go = [](const Package& one) { return one.type == "golang"; };
  const auto is_stdlib = [&](const Package& one) { return is_go(one) && one.name == "stdlib"; };
  if (file.is_last() && std::ranges::any_of(found.packages, is_go) &&
      std::ranges::none_of(found.packages, is_stdlib)) {
    note(found, file, Why::too_big,
         "a Go program too large to follow its pointers: the version of Go is not known");
  }
}

void run(const File& file, Inventory& found) {
  if (file.size != 0) return run_piece(file, found);
  for (const Executable& one : executables(file.bytes)) {
    const BuildInfo info = find_info(data_of(one), &one);
    if (!info.version.empty()) {
      add_all(info, file, one.arch, found);
    } else if (info_section(one) != nullptr) {
      note(found, file, Why::damaged, "Go build information: cannot be read");
    }
  }
}

}  // namespace

namespace catalogers {
extern const Cataloger go;
constexpr Cataloger go =
    executables_row("go", "Go programs: their modules, and the standard library as stdlib", run);
}  // namespace catalogers

}  // namespace peekr
