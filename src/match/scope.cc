// SPDX-License-Identifier: Apache-2.0
#include "match/scope.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"
#include "match/assess.h"
#include "match/content_set.h"
#include "match/maven.h"
#include "model/release.h"
#include "model/root.h"

namespace peekr {
namespace {

std::string packages(std::ptrdiff_t count, const std::string& type) {
  return std::to_string(count) + " " + type + (count == 1 ? " package" : " packages");
}

std::string system_name(const Distro& distro) {
  if (!distro.name.empty()) return distro.name;
  return distro.version_id.empty() ? distro.id : distro.id + " " + distro.version_id;
}

Result<std::vector<std::string>> present(const std::vector<std::string>& patterns, const Db& db) {
  std::vector<std::string> all;
  for (const std::string& pattern : patterns) {
    const std::vector<std::string> some = TRY(db.ecosystems(pattern.substr(0, pattern.find('*'))));
    for (const std::string& one : some) {
      if (fits(pattern, one) && std::ranges::find(all, one) == all.end()) all.push_back(one);
    }
  }
  return all;
}

// ", only for Debian:10, Debian:11": what the database has of other releases.
Result<std::string> other_releases(const Wanted& want, const Db& db) {
  if (want.patterns.empty() || want.patterns[0].find(':') == std::string::npos) return std::string();
  const std::string& pattern = want.patterns[0];
  std::vector<std::string> there = TRY(db.ecosystems(pattern.substr(0, pattern.find(':') + 1)));
  if (there.empty()) return std::string();
  constexpr std::size_t kShown = 12;
  const std::size_t more = there.size() > kShown ? there.size() - kShown : 0;
  there.resize(there.size() - more);
  return ", only for " + join(there, ", ") + (more == 0 ? "" : " and " + std::to_string(more) + " more");
}

using Strings = std::vector<std::string>;

// A record may name the distribution without a release, "Debian": it speaks of all of them.
Result<Strings> of_all_releases(const Ecosystem& row, const Wanted& want, const Db& db) {
  if (row.distros.empty() || want.patterns.empty()) return Strings();
  const std::string& pattern = want.patterns[0];
  const std::size_t colon = pattern.find(':');
  return colon == std::string::npos ? Strings() : present({pattern.substr(0, colon)}, db);
}

// "@edge edge/testing" of etc/apk/repositories: what is tagged so is judged by Alpine:edge.
void take_tags(const Inventory& inventory, Scope& scope) {
  for (const std::string& line : inventory.repositories) {
    if (!line.starts_with('@')) continue;
    const auto [tag, repository] = cut(std::string_view(line).substr(1), ' ');
    scope.tagged.push_back(std::string(tag) + " Alpine:" + std::string(cut(repository, '/').first));
  }
}

// Of lines without a tag nobody knows which package is of which.
void note_several_branches(const Inventory& inventory, std::vector<Note>& notes) {
  Strings branches;
  for (const std::string& line : inventory.repositories) {
    if (!line.starts_with('@')) branches.emplace_back(cut(line, '/').first);
  }
  sort_unique(branches);
  if (branches.size() < 2) return;
  notes.push_back({Path("etc/apk/repositories"), Why::no_data,
                   "repositories of " + join(branches, " and ") +
                       " without tags: all packages are judged as of one of them"});
}

// By Red Hat's own map (feed/redhat_repositories.cc), else by the rules that names follow. None: of a kind that is not known.
Result<Strings> products_of(const std::string& content_set, const Distro& distro, const Db& db) {
  Strings products;
  const std::vector<Entry> entries = TRY(db.lookup("Red Hat repository", content_set));
  for (const Entry& one : entries)
    products.insert(products.end(), one.affected.versions.begin(), one.affected.versions.end());
  if (!products.empty()) return products;
  std::string product = product_of_content_set(content_set, distro.version_id);
  if (!product.empty()) products.push_back(std::move(product));
  return products;
}

// Content sets say which products the image may take packages from; without any it is all of the release.
Status take_content_sets(const Inventory& inventory, const Distro& distro, const Db& db, Scope& scope,
                         std::vector<Note>& notes) {
  Strings products;
  for (const std::string& name : inventory.repositories) {
    const Strings some = TRY(products_of(name, distro, db));
    if (some.empty()) {
      notes.push_back(
          {distro.path, Why::no_data,
           "content set " + name + ": its product is not known; all of the release's advisories count"});
      return {};
    }
    products.insert(products.end(), some.begin(), some.end());
  }
  if (products.empty()) return {};
  std::erase_if(scope.ecosystems, [&](const std::string& one) {
    return one.find("::") != std::string::npos && !is_among(one, products);
  });
  std::ranges::copy_if(scope.other, std::back_inserter(scope.subscribed),
                       [&](const std::string& one) { return is_among(one, products); });
  std::erase_if(scope.other, [&](const std::string& one) {
    return !one.starts_with(kExtendedLife) && !is_among(one, products);
  });
  const Strings there = TRY(present(products, db));
  for (const std::string& one : there) {
    if (!is_among(one, scope.ecosystems) && !is_among(one, scope.other)) scope.ecosystems.push_back(one);
  }
  if (scope.ecosystems.empty())
    scope.ecosystems = scope.subscribed;  // these alone, then: who has none is not judged
  return {};
}

Status take_other(const Inventory& inventory, const Distro& distro, const Db& db, Scope& scope,
                  std::vector<Note>& notes) {
  using Peculiar = Ecosystem::Peculiar;
  scope.other = TRY(present(wanted_by_some(*scope.row, distro), db));
  scope.rebuilt = with_part(scope.other, "Root:");
  scope.other = without_part(scope.other, "Root:");
  if (scope.row->peculiar == Peculiar::alpine) {
    take_tags(inventory, scope);
    note_several_branches(inventory, notes);
  }
  if (scope.row->peculiar == Peculiar::suse)
    std::erase_if(scope.ecosystems, [&](const std::string& one) { return is_among(one, scope.other); });
  if (scope.row->peculiar == Peculiar::redhat) return take_content_sets(inventory, distro, db, scope, notes);
  return {};
}

// Whether any row judges packages of that type on any distribution.
bool known_type(const std::string& type) {
  return std::ranges::find(all_ecosystems(), type, &Ecosystem::type) != all_ecosystems().end();
}

// Release files are Linux's; what a document calls its operating system may be "Windows".
bool is_linux(const std::optional<Distro>& distro) {
  if (!distro || !distro->path.empty()) return distro.has_value();
  return std::ranges::any_of(all_ecosystems(), [&](const Ecosystem& row) {
    const auto ids = split(row.distros, ' ');
    return std::ranges::find(ids, distro->id) != ids.end();
  });
}

// " (2 rpm packages not judged)"
std::string all_not_judged(const std::string& type, const Inventory& inventory) {
  const auto count = std::ranges::count_if(inventory.packages, [&](const Package& one) {
    return one.type == type && !judged_as_of(one, inventory.distro);
  });
  return " (" + packages(count, type) + " not judged)";
}

// Of a scope without ecosystems: what the database does not have, and what judges all the same. bare: of_all_releases().
Result<std::string> what_is_missing(const Scope& scope, const Wanted& want, const Strings& bare,
                                    const Db& db) {
  std::string missing = want.patterns.empty()
                            ? ": which release it is of is not said"
                            : ": the database has no advisories for " + join(want.patterns, " or ");
  if (bare.empty() && is_judged(scope))
    return missing + " that are for everybody; judged by " + join(scope.other, ", ") + " alone";
  if (!want.patterns.empty()) missing += TRY(other_releases(want, db));
  return missing + (bare.empty() ? "" : "; judged by " + bare[0] + " alone, which names no release");
}

// Why no row judges packages of that type.
std::string without_row(const std::string& type, const Distro& system) {
  if (!known_type(type)) return "type " + type + ": no advisories are known for it";
  if (system.id.empty()) return "operating system: not recognised";
  return system_name(system) + ": no advisories are known for its " + type + " packages";
}

Result<Scope> scope_of(const std::string& type, const Inventory& inventory, const Db& db,
                       std::vector<Note>& notes) {
  const Distro system = inventory.distro.value_or(Distro{});
  Scope scope;
  if (known_type(type)) scope.row = find_ecosystem(type, system);
  const bool of_system = known_type(type) && (scope.row == nullptr || !scope.row->distros.empty());
  const auto note = [&](const std::string& what) {
    notes.push_back({of_system ? system.path : Path(), Why::no_data, what});
  };
  const std::string not_judged = all_not_judged(type, inventory);
  if (scope.row == nullptr) {
    note(without_row(type, system) + not_judged);
    return scope;
  }
  const std::string whose = scope.row->distros.empty() ? type : system_name(system);
  const Wanted want = wanted(*scope.row, system);
  scope.ecosystems = TRY(present(want.patterns, db));
  const Strings bare = TRY(of_all_releases(*scope.row, want, db));
  std::vector<Note> of_other;
  if (!scope.row->distros.empty()) TRY(take_other(inventory, system, db, scope, of_other));
  if (scope.ecosystems.empty()) {
    const bool judged = !bare.empty() || is_judged(scope);
    note(whose + TRY(what_is_missing(scope, want, bare, db)) + (judged ? "" : not_judged));
    if (!judged) return scope;
  }
  std::ranges::move(of_other, std::back_inserter(notes));
  if (type == "maven") TRY(take_names(db, scope));
  if (scope.row->distros.empty()) return scope;
  scope.ecosystems.insert(scope.ecosystems.end(), bare.begin(), bare.end());
  if (want.rolling) {
    note(whose + ": a release without a number, judged by " + join(scope.ecosystems, ", ") +
         ", which need not name all that is known");
  }
  return scope;
}

}  // namespace

bool is_judged(const Scope& scope) {
  if (!scope.ecosystems.empty()) return true;
  return scope.row != nullptr && scope.row->peculiar == Ecosystem::Peculiar::suse && !scope.other.empty();
}

std::string Scopes::key(const Package& package, const std::optional<Distro>& other) {
  return package.type + (other ? "\n" + other->id + "\n" + full_release(*other) : "");
}

Result<Scopes> Scopes::of(const Inventory& inventory, const Db& db, std::vector<Note>& notes) {
  Scopes scopes;
  scopes.distro_ = inventory.distro;
  std::map<std::string, Inventory> inner;
  std::set<std::string> with_epochs;
  const bool is_document = inventory.distro && inventory.distro->path.empty();
  for (const Package& package : inventory.packages) {
    const std::optional<Distro> other = judged_as_of(package, inventory.distro);
    scopes.all_[key(package, other)];
    if (is_document && package.epoch) with_epochs.insert(package.type);
    if (!other) continue;
    Inventory& one = inner[key(package, other)];
    one.distro = other;
    one.packages.push_back({.type = package.type});
  }
  for (auto& [key, scope] : scopes.all_) {
    const auto other = inner.find(key);
    scope = other == inner.end()
                ? TRY(scope_of(key, inventory, db, notes))
                : TRY(scope_of(other->second.packages.front().type, other->second, db, notes));
    const bool is_software = scope.row != nullptr && scope.row->key == Ecosystem::Key::software;
    scope.of_any_system = is_software && other == inner.end() && !is_linux(inventory.distro);
    scope.tells_epochs = with_epochs.contains(key.substr(0, key.find('\n')));
  }
  return scopes;
}

const Scope& Scopes::at(const Package& package) const {
  return all_.at(key(package, judged_as_of(package, distro_)));
}

}  // namespace peekr
