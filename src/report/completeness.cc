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

void write_completeness(JsonWriter& json, const Inventory& inventory) {
  const Completeness& all = inventory.completeness;
  json.record("completeness", [&] {
    json.number("executables", all.executables);
    json.number("owned", all.owned);
    json.number("identified", all.identified);
    json.number("unidentified", all.unidentified.size());
    json.list("unidentified_files", all.unidentified, [&](const Unidentified& one) {
      json.text("path", one.path.str());
      json.number("size", one.size);
      json.text("digest", one.sha256.empty() ? "" : "sha256:" + one.sha256);
      json.number("layer_index", one.layer);
      json.text("listed_by", one.listed_by);
    });
    json.list("lost_databases", all.lost, [&](const LostDatabase& one) {
      json.text("path", one.path.str());
      json.text("how", one.how == LostDatabase::How::deleted ? "deleted" : "emptied");
      json.number("layer_index", one.layer);
      json.number("packages", one.packages);
    });
    json.number("remnants", remnants(inventory));
    json.list("unopened_archives", unopened_archives(inventory), [&](const Note* note) {
      json.text("path", note->path.str());
      json.text("what", note->what);
    });
  });
}

}  // namespace peekr
