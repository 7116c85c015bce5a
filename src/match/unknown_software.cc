// SPDX-License-Identifier: Apache-2.0
#include "match/unknown_software.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

// What was seen in an image is known by its bytes, and has a CPE where NVD knows it; what a document in it claims is nobody's gap.
bool lacks_a_name(const Package& package, const Scope& scope) {
  return !scope.ecosystems.empty() && scope.row->key == Ecosystem::Key::software && package.cpes.empty() &&
         !package.by_content && !package.claimed;
}

}  // namespace

Result<std::vector<bool>> unknown_software(const Inventory& inventory, const Scopes& scopes, const Db& db,
                                           std::vector<Note>& notes) {
  std::vector<bool> unknown(inventory.packages.size());
  const Package* first = nullptr;
  std::size_t count = 0;
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    const Package& package = inventory.packages[i];
    const Scope& scope = scopes.at(package);
    if (!lacks_a_name(package, scope)) continue;
    const std::vector<std::string> there = TRY(db.ecosystems_with(package.name));
    unknown[i] = std::ranges::none_of(there, [&](const std::string& one) {
      return std::ranges::find(scope.ecosystems, one) != scope.ecosystems.end();
    });
    if (unknown[i] && count++ == 0) first = &package;
  }
  if (count == 0) return unknown;
  notes.push_back({first->path, Why::no_data,
                   std::to_string(count) + (count == 1 ? " package has" : " packages have") +
                       " neither a package URL of an ecosystem nor a CPE (" + printable(first->name) +
                       (count == 1 ? "" : ", ..") + "): not judged"});
  return unknown;
}

}  // namespace peekr
