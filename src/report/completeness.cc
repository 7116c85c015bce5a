// SPDX-License-Identifier: Apache-2.0
#include "report/completeness.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace peekr {
namespace {

bool is_archive(std::string_view name) {
  constexpr std::array<std::string_view, 22> kEndings = {
      ".7z",  ".aar",   ".apk", ".bz2", ".deb", ".ear", ".egg", ".gem", ".gz",  ".hpi", ".jar",
      ".jpi", ".nupkg", ".par", ".rpm", ".sar", ".tar", ".tgz", ".war", ".whl", ".xz",  ".zip"};
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

std::vector<const Note*> unopened_archives(const Inventory& inventory) {
  std::vector<const Note*> all;
  for (const Note& note : inventory.notes) {
    if (incomplete(note.why) && is_archive(lower(note.path.name()))) all.push_back(&note);
  }
  return all;
}

std::size_t remnants(const Inventory& inventory) {
  return static_cast<std::size_t>(std::ranges::count_if(inventory.packages, &Package::remnant));
}

}  // namespace peekr
