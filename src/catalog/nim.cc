// SPDX-License-Identifier: Apache-2.0
// Nim packages that Nimble installed (nim-lang.org/docs, "nimble"), each in a folder:
//
//   .nimble/pkgs2/jester-0.6.0-<SHA-1>/jester.nimble    version = "0.6.0"    license = "MIT"
//   .nimble/pkgs/jester-0.6.0/jester.nimble             the older form
//
// The folder has the version that is installed, the script one that may be worked out ("version = $major"): so only the folder counts.
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

// "0.6.0-<SHA-1>": "0.6.0". A version may have a hyphen; a checksum has forty digits.
std::string_view without_checksum(std::string_view version) {
  constexpr std::size_t kDigits = 40;
  const std::size_t at = version.rfind('-');
  const bool has_one = at != std::string_view::npos && version.size() - at - 1 == kDigits;
  return version.substr(0, has_one ? at : version.size());
}

std::string license_of(std::string_view script) {
  while (!script.empty()) {
    const auto [key, value] = cut(next_line(script), '=');
    if (trim(key) != "license") continue;
    const std::string_view text = trim(value);
    if (text.size() > 2 && text.front() == '"' && text.find('"', 1) == text.size() - 1)
      return std::string(text.substr(1, text.size() - 2));
  }
  return {};
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const std::string_view name = file.path.name().substr(0, file.path.name().rfind('.'));
  const std::string_view folder = file.path.folder(), last = folder.substr(folder.rfind('/') + 1);
  if (last.size() <= name.size() + 1 || !last.starts_with(name) || last[name.size()] != '-') return;
  Package package{.type = "nim",
                  .name = std::string(name),
                  .version = std::string(without_checksum(last.substr(name.size() + 1))),
                  .path = file.path};
  if (std::string license = license_of(file.bytes); !license.empty())
    package.licenses.push_back(std::move(license));
  add_named(std::move(package), found, notes);
  notes.finish();
}

constexpr std::array<Pattern, 2> kWants = {"**/pkgs/*/*.nimble", "**/pkgs2/*/*.nimble"};

}  // namespace

namespace catalogers {
extern const Cataloger nim;
constexpr Cataloger nim = {
    .name = "nim", .about = "Nim packages that Nimble installed", .version = 1, .wants = kWants, .run = run};
}  // namespace catalogers

}  // namespace peekr
