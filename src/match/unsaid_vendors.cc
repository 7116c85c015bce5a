// SPDX-License-Identifier: Apache-2.0
#include "match/unsaid_vendors.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "model/root.h"

namespace peekr {
namespace {

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

// Whether only EPEL knows it.
Result<bool> is_of_epel(const Package& package, const Distro& epel, const Scope& scope, const Db& db) {
  bool found = false;
  for (const std::string& name : {package.name, package.source}) {
    if (name.empty()) continue;
    const std::vector<std::string> there = TRY(db.ecosystems_with(name));
    for (const std::string& one : there) {
      if (has(scope.ecosystems, one) || has(scope.other, one)) return false;
      found = found || one == "EPEL:" + epel.version_id;
    }
  }
  return found;
}

}  // namespace

Status note_unsaid_vendors(const Inventory& inventory, const Scopes& scopes, const Db& db,
                           std::vector<Note>& notes) {
  struct Some {
    std::string first;
    std::size_t count = 0;
  };
  std::map<std::pair<Path, std::string>, Some> all;  // by the release of EPEL
  for (const Package& one : inventory.packages) {
    const std::optional<Distro> epel = possible_epel(one, inventory.distro);
    if (!epel) continue;
    const Scope& scope = scopes.at(one);
    if (!is_judged(scope) || !TRY(is_of_epel(one, *epel, scope, db))) continue;
    Some& some = all[{one.path, epel->version_id}];
    if (some.count++ == 0) some.first = one.name;
  }
  for (const auto& [key, some] : all) {
    const std::string& release = key.second;
    notes.push_back({key.first, Why::no_data,
                     std::to_string(some.count) + (some.count == 1 ? " rpm package" : " rpm packages") +
                         " may be EPEL's (" + printable(some.first) + (some.count == 1 ? "" : ", ..") +
                         "): the distribution's records do not have the name, EPEL " + release +
                         "'s do: not judged by those: want the vendor Fedora Project, or distro=epel-" +
                         release + ", where it is"});
  }
  return {};
}

}  // namespace peekr
