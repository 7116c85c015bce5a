// SPDX-License-Identifier: Apache-2.0
// Rust programs built with cargo-auditable (github.com/rust-secure-code/cargo-auditable, PARSING.md): a section ".dep-v0"
// holds zlib-packed JSON:
//
//   {"packages": [{"name": "adler", "version": "0.2.3", "source": "crates.io", "kind": "build", "dependencies": [1],
//                  "root": true}]}
//
// "kind" is "runtime" where it is not given; what only built the program is not in it.
#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "base/find.h"
#include "catalog/executable.h"
#include "catalog/json_file.h"
#include "catalog/packed.h"

namespace peekr {
namespace {

constexpr std::string_view kSection = ".dep-v0";
constexpr std::uint64_t kMost = 8 << 20;  // what cargo-auditable's own reader takes

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

void note(Inventory& found, const File& file, Why why, const std::string& what) {
  found.notes.push_back({file.path, why, std::string(kSection) + ": " + what});
}

// As Rust names the processor (cfg(target_arch)), which RustSec's records do, too.
std::string_view rust_arch(std::string_view arch) {
  constexpr std::pair<std::string_view, std::string_view> kOther[] = {
      {"386", "x86"},         {"amd64", "x86_64"}, {"arm64", "aarch64"},   {"loong64", "loongarch64"},
      {"mips64le", "mips64"}, {"mipsle", "mips"},  {"ppc64", "powerpc64"}, {"ppc64le", "powerpc64"}};
  const auto* const at =
      std::ranges::find(kOther, arch, &std::pair<std::string_view, std::string_view>::first);
  return at == std::end(kOther) ? arch : at->second;
}

void add(const File& file, object crate, std::string_view arch, Inventory& found) {
  if (json_text(crate, "kind") == "build") return;
  Package package{.type = "cargo",
                  .name = json_text(crate, "name"),
                  .version = json_text(crate, "version"),
                  .arch = std::string(arch),
                  .path = file.path};
  if (package.name.empty() || package.version.empty()) {
    return note(found, file, Why::damaged, "a package without a name or version");
  }
  found.add(std::move(package));
}

void read_list(const File& file, std::string_view packed, std::string_view arch, Inventory& found) {
  Allowance allowance(kMost, file.allowance);
  const Result<std::string> json = inflated_within({packed, Wrapping::zlib}, kMost, allowance);
  if (!json) return note(found, file, why_of(json.error()), json.error().message);
  simdjson::dom::parser parser;
  element root;
  if (const auto error = parser.parse(*json).get(root); error != simdjson::SUCCESS) {
    return note(found, file, Why::damaged, std::string("not JSON: ") + simdjson::error_message(error));
  }
  array list;
  if (root["packages"].get(list) != simdjson::SUCCESS)
    return note(found, file, Why::damaged, "no list of packages");
  for (const element item : list) {
    object crate;
    if (item.get(crate) == simdjson::SUCCESS) {
      add(file, crate, arch, found);
    } else {
      note(found, file, Why::damaged, "a package that is no object");
    }
  }
}

// Where the section is stands in the section headers, at the end of the file, and its name beside them.
void run_piece(const File& file, Inventory& found) {
  const bool last = file.offset + file.bytes.size() == file.size;
  const auto names = [](const Stretch& part) {
    return find_in(part.bytes, kSection) != std::string_view::npos;
  };
  if (last && std::ranges::any_of(beside_code(file), names)) {
    note(found, file, Why::too_big, "the crates of this program are not known: it is read in pieces");
  }
}

void run(const File& file, Inventory& found) {
  if (file.size != 0) return run_piece(file, found);
  for (const Executable& one : executables(file.bytes)) {
    const Section* section = one.section(kSection);
    if (section != nullptr) read_list(file, section->bytes, rust_arch(one.arch), found);
  }
}

}  // namespace

namespace catalogers {
extern const Cataloger rust;
constexpr Cataloger rust =
    executables_row("rust", "Rust programs built with cargo-auditable: their crates", run);
}  // namespace catalogers

}  // namespace peekr
