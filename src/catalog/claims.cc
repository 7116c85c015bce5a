// SPDX-License-Identifier: Apache-2.0
#include "catalog/claims.h"

#include <algorithm>
#include <bitset>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "catalog/asked.h"
#include "catalog/dpkg.h"
#include "catalog/lost.h"
#include "catalog/project_locks.h"
#include "model/root.h"

namespace peekr {
namespace {

// Where a package database lies: "var/lib/dpkg", also for the files of its status.d and updates.
std::string_view database_of(const Package& package) {
  std::string_view folder = package.path.folder();
  if (package.type == "deb") folder = dpkg_home(folder);
  if (package.type == "cpan") folder = folder.substr(0, folder.find("/.meta/"));
  return folder;
}

// "a/b/c": "", "a", "a/b", "a/b/c". Of a very deep one only the first: databases do not lie there.
std::vector<std::string_view> with_parents(std::string_view folder) {
  constexpr std::size_t kMost = 16;
  std::vector<std::string_view> all = {""};
  for (std::size_t end = 0; end < folder.size() && all.size() < kMost;) {
    end = std::min(folder.find('/', end + 1), folder.size());
    all.push_back(folder.substr(0, end));
  }
  return all;
}

// Gives the packages what the claims say. There may be several databases (the image's, and those of root file
// systems inside it): a claim is for the one that shares most of its path, and of those the least deep one.
class Claims {
 public:
  explicit Claims(std::vector<Package>& packages)
      : packages_(packages), licensed_(packages.size()), files_(packages.size()) {
    for (std::size_t i = 0; i < packages.size(); ++i) {
      const Package& package = packages[i];
      if (package.by_content || package.claimed) continue;
      licensed_[i] = !package.licenses.empty();
      std::vector<std::size_t>& same = by_name_[{package.name, package.type, database_of(package)}];
      if (same.empty()) add_database(package);
      if (same.size() < kMostSame) same.push_back(i);
    }
  }

  void add(const Claim& claim, const Path& path) {
    const std::optional<std::string_view> database = database_for(claim.type, path.folder());
    if (!database) return;
    const auto same = by_name_.find({claim.package, claim.type, *database});
    if (same == by_name_.end()) {
      if (claim.asked) in_the_dark_.insert({claim.type, *database});
      return;
    }
    std::size_t count = 0;
    for (const std::size_t i : same->second) {
      if (!claim.arch.empty() && claim.arch != packages_[i].arch) continue;
      if (++count <= kMostWithFiles) add_files(i, claim);
      add_to(i, claim);
    }
  }

  void add_to(std::size_t i, const Claim& claim) {
    Package& package = packages_[i];
    package.asked |= claim.asked;
    if (!claim.pin.empty()) package.pin = claim.pin;
    if (licensed_[i]) return;
    package.licenses.insert(package.licenses.end(), claim.licenses.begin(), claim.licenses.end());
  }

  [[nodiscard]] bool licensed(std::size_t i) const { return licensed_[i] || !packages_[i].licenses.empty(); }

  void finish() {
    for (std::size_t i = 0; i < packages_.size(); ++i) {
      Package& package = packages_[i];
      if (package.asked && in_the_dark_.contains({package.type, database_of(package)})) package.asked = false;
      take_files(files_[i], package.files);
      if (!std::ranges::is_sorted(package.checksums)) std::ranges::sort(package.checksums);
      sort_unique(package.licenses);
    }
  }

 private:
  // Those of a single claim stand as its cataloger has left them: sorted, each once.
  static void take_files(const std::vector<const PackedTexts*>& claimed, PackedTexts& files) {
    if (files.empty() && claimed.size() == 1) {
      files = *claimed.front();
      return;
    }
    for (const PackedTexts* more : claimed) {
      for (const std::string_view file : *more) files.push_back(file);
    }
    sort_unique(files);
  }

  // Most claims lie beside the one before.
  std::optional<std::string_view> database_for(std::string_view type, std::string_view folder) {
    if (last_ && last_->type == type && last_->folder == folder) return last_->database;
    last_ = {type, folder, std::nullopt};
    const std::vector<std::string_view> folders = with_parents(folder);
    for (auto at = folders.rbegin(); at != folders.rend() && !last_->database; ++at) {
      const auto found = databases_.find({type, *at});
      if (found != databases_.end()) last_->database = found->second;
    }
    return last_->database;
  }

  void add_files(std::size_t i, const Claim& claim) {
    if (!claim.files.empty()) files_[i].push_back(&claim.files);
    std::vector<FileChecksum>& checksums = packages_[i].checksums;
    checksums.insert(checksums.end(), claim.checksums.begin(), claim.checksums.end());
  }

  // A database has a package once for each architecture; one with more of them is not worth the time.
  static constexpr std::size_t kMostSame = 64;
  // Where one has several, each has a list of files of its own, that names it. One that names none is of these at most: each has a
  // copy of it.
  static constexpr std::size_t kMostWithFiles = 4;

  void add_database(const Package& package) {
    const auto depth = [](std::string_view path) { return std::pair(std::ranges::count(path, '/'), path); };
    const std::string_view database = database_of(package);
    for (const std::string_view folder : with_parents(database)) {
      std::string_view& best = databases_.try_emplace({package.type, folder}, database).first->second;
      best = std::min(best, database, [&](auto a, auto b) { return depth(a) < depth(b); });
    }
  }

  struct Last {
    std::string_view type, folder;
    std::optional<std::string_view> database;
  };

  std::vector<Package>& packages_;
  std::optional<Last> last_;                            // that was looked for
  std::vector<bool> licensed_;                          // by its own database
  std::vector<std::vector<const PackedTexts*>> files_;  // claimed, by package
  std::map<std::pair<std::string_view, std::string_view>, std::string_view>
      databases_;  // (type, a parent): best below
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::vector<std::size_t>>
      by_name_;  // (name, type, database)
  // (type, database): something is asked for that is no package of it, but a group ("apk add --virtual") or what one provides. So
  // it is not known of which packages apk was asked for all that they stand for.
  std::set<std::pair<std::string_view, std::string_view>> in_the_dark_;
};

// Debian policy 12.5: usr/share/doc/<package> may be a link to the folder of another package of the same
// source.
void add_linked_licenses(const Tree& tree, const std::vector<Package>& packages, Claims& claims) {
  const std::vector<Found>& found = tree.found();
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (packages[i].type != "deb" || claims.licensed(i)) continue;
    const std::optional<Path> real = tree.real_path(Path("usr/share/doc/" + packages[i].name + "/copyright"));
    if (!real) continue;
    const auto same = std::ranges::equal_range(found, *real, {}, &Found::path);
    for (const Found& one : same) {
      if (!one.visible) continue;
      for (const Claim& claim : one.inventory->claims) {
        claims.add_to(i, {.type = claim.type, .licenses = claim.licenses});
      }
    }
  }
}

using DivertedBy = std::pair<const Path*, const Claim*>;  // the database, what it says

// Claims of kDiversion: a file of any package of that database but one lies under another name, if it does: "dpkg-divert --no-rename"
// leaves the file where it is. Its checksum stays.
class Diversions {
  using Key = std::pair<std::string_view, std::string_view>;  // database, file

 public:
  Diversions(const Tree& tree, const std::vector<DivertedBy>& all) {
    for (const auto& [database, claim] : all) {
      if (is_there(tree, *database, *claim)) add(*database, *claim);
    }
  }
  [[nodiscard]] bool empty() const { return claims_.empty(); }

  void apply_to(Package& package) const {
    const auto is_diverted = [&](std::string_view file) { return of(package, file) != nullptr; };
    if (std::ranges::none_of(package.files, is_diverted)) return;
    std::vector<FileChecksum> sums;
    PackedTexts files;
    for (const std::string_view file : package.files) {
      const Claim* const claim = of(package, file);
      if (claim == nullptr) {
        files.push_back(file);
        continue;
      }
      const std::string_view to = claim->files.front();
      for (FileChecksum one :
           std::ranges::equal_range(package.checksums, file_key(file), {}, &FileChecksum::file)) {
        one.file = file_key(to);
        sums.push_back(one);
      }
      files.push_back(to);
    }
    sort_unique(files);
    package.files = std::move(files);
    package.checksums.insert(package.checksums.end(), sums.begin(), sums.end());
    std::ranges::sort(package.checksums);
  }

 private:
  static bool is_there(const Tree& tree, const Path& database, const Claim& claim) {
    std::string path(root_above(database.str()));
    path.append("/").append(claim.files.front());
    return tree.find_no_follow(Path(path)).has_value();
  }

  void add(const Path& database, const Claim& claim) {
    claims_.emplace(Key(database.folder(), claim.package), &claim);
    lengths_.set(claim.package.size() % lengths_.size());
  }

  // That this file of the package is diverted; null: it is not.
  [[nodiscard]] const Claim* of(const Package& package, std::string_view file) const {
    if (!lengths_.test(file.size() % lengths_.size())) return nullptr;
    const auto at = claims_.find({database_of(package), file});
    return at == claims_.end() || at->second->arch == package.name ? nullptr : at->second;
  }

  std::map<Key, const Claim*> claims_;
  std::bitset<256>
      lengths_;  // of the files: of most others that is enough to know that they are none of them
};

void divert(const Tree& tree, const std::vector<DivertedBy>& all, std::vector<Package>& packages) {
  const Diversions diversions(tree, all);
  if (diversions.empty()) return;
  for (Package& package : packages) {
    if (package.type == "deb") diversions.apply_to(package);
  }
}

}  // namespace

void join_claims(const Tree& tree, const std::vector<Part>& parts, std::vector<Package>& packages) {
  Claims claims(packages);
  std::vector<ProjectClaim>
      of_projects;  // and diversions: to look through all claims takes as long as to join them
  std::vector<DivertedBy> diversions;
  for (const Part& part : parts) {
    for (const Claim& claim : part.inventory->claims) {
      if (claim.type == "npm") {
        of_projects.emplace_back(part.path, &claim);
      } else if (claim.type == kDiversion) {
        diversions.emplace_back(part.path, &claim);
      } else {
        claims.add(claim, *part.path);
      }
    }
  }
  add_linked_licenses(tree, packages, claims);
  claims.finish();
  add_asked(tree, of_projects, packages);
  add_locks(parts, packages);
  divert(tree, diversions, packages);
}

}  // namespace peekr
