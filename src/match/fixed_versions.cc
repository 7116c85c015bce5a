// SPDX-License-Identifier: Apache-2.0
#include "match/fixed_versions.h"

#include <algorithm>

#include "match/assess.h"
#include "match/channels.h"
#include "match/maven.h"

namespace peekr {
namespace {

void add_fixes(const Entry& entry, const Subject& subject, std::vector<std::string>& to) {
  for (const Range& range : entry.affected.ranges) {
    for (const Event& event : range.events) {
      if (range.type != "GIT" && event.kind == Event::Kind::fixed &&
          subject.order.scheme->compare(event.version, subject.version) == std::strong_ordering::greater)
        to.push_back(event.version);
    }
  }
}

// Lowest first.
void put_in_order(const Scheme& scheme, std::vector<std::string>& versions) {
  std::ranges::sort(versions, [&](const std::string& a, const std::string& b) {
    const auto order = scheme.compare(a, b);
    return order && *order != 0 ? *order < 0 : a < b;
  });
  const auto twice = std::ranges::unique(versions);
  versions.erase(twice.begin(), twice.end());
  if (versions.size() > kMostFixedVersions) versions.resize(kMostFixedVersions);
}

}  // namespace

Result<std::vector<std::vector<std::string>>> fixed_versions(const Inventory& inventory, const Db& db) {
  std::vector<Note> notes;  // match() has them, too
  const Scopes scopes = TRY(Scopes::of(inventory, db, notes));
  std::vector<std::vector<std::string>> all;
  for (const Package& package : inventory.packages) {
    std::vector<std::string>& versions = all.emplace_back();
    const Scope& scope = scopes.at(package);
    if (!is_judged(scope)) continue;
    const std::vector<std::string> ecosystems = channels(scope, package).first;
    for (const Subject& subject : subjects(scope, package)) {
      for (const std::string& ecosystem : ecosystems) {
        for (const Entry& entry : TRY(db.lookup(ecosystem, subject.key))) {
          if (is_about(entry, subject)) add_fixes(entry, subject, versions);
        }
      }
      put_in_order(*subject.order.scheme, versions);
    }
  }
  return all;
}

}  // namespace peekr
