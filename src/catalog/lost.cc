// SPDX-License-Identifier: Apache-2.0
#include "catalog/lost.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>

#include "catalog/dpkg.h"
#include "catalog/npm.h"
#include "catalog/owner.h"
#include "model/layer_number.h"
#include "model/root.h"

namespace peekr {
namespace {

// The type of the system packages that a file declares; empty: it is no such database.
std::string_view type_of(const Found& found) {
  const std::vector<Package>& packages = found.inventory->packages;
  const auto one = std::ranges::find_if(packages, is_of_system);
  return one == packages.end() ? std::string_view() : std::string_view(one->type);
}

bool is_there(const std::vector<Found>& all, const Path& database) {
  return std::ranges::any_of(std::ranges::equal_range(all, database, {}, &Found::path),
                             [](const Found& one) { return one.visible && !type_of(one).empty(); });
}

// The folders of databases, and the files that are of one package.
std::set<std::string_view> lost_homes(const std::vector<Found>& all, const Systems& there) {
  std::set<std::string_view> homes;
  for (const Found& found : all) {
    const std::string_view type = type_of(found);
    if (type.empty() || there.contains({type, root_above(found.path.str())})) continue;
    const bool single = is_of_single_packages(found.path);
    if (!single || !is_there(all, found.path))
      homes.insert(single ? std::string_view(found.path.str()) : found.path.folder());
  }
  return homes;
}

bool lies_in(const std::set<std::string_view>& homes, std::string_view path) {
  constexpr std::string_view kSums = ".md5sums";  // beside the file of one package
  if (homes.contains(path)) return true;
  if (path.ends_with(kSums) && homes.contains(path.substr(0, path.size() - kSums.size()))) return true;
  for (std::size_t end = path.rfind('/'); end != std::string_view::npos && end > 0;
       end = path.rfind('/', end - 1)) {
    if (homes.contains(path.substr(0, end))) return true;
  }
  return homes.contains("");
}

bool says_nothing(const Found& found) {
  return found.inventory->packages.empty() && found.inventory->claims.empty();
}

std::size_t packages_of(const Found& found) {
  return static_cast<std::size_t>(std::ranges::count_if(found.inventory->packages, is_of_system));
}

using Copies = std::vector<Found>::const_iterator;

// Of the copies of one file, lowest first: the highest that says something; `to` where there is none, and where the final tree
// has the file and it is no database: a list of files that is there is read anyway.
Copies highest_copy(Copies from, Copies to) {
  const bool there = std::prev(to)->visible;
  for (auto copy = to; copy != from;) {
    --copy;
    if (!copy->visible && !(there ? type_of(*copy).empty() : says_nothing(*copy))) return copy;
  }
  return to;
}

// By what the highest copy that was read is.
LostDatabase::How how_lost(const Tree& tree, const Found& highest) {
  if (highest.visible) return LostDatabase::How::emptied;
  const std::optional<Node> now = tree.find_no_follow(highest.path);
  return now && now->kind == NodeKind::file ? LostDatabase::How::unread : LostDatabase::How::deleted;
}

// The package whose metadata the file is, with a list of its files.
const Package* listing(const Found& found) {
  const std::vector<Package>& all = found.inventory->packages;
  const bool is_one =
      all.size() == 1 && (all[0].type == "pypi" || all[0].type == "conda") && !all[0].files.empty();
  return is_one ? &all[0] : nullptr;
}

// The same of one whose files lie in a folder of its own: a package.json or gemspec, no lock file.
const Package* in_folder(const Found& found) {
  const std::vector<Package>& all = found.inventory->packages;
  if (all.size() != 1) return nullptr;
  const std::string_view file = found.path.name();
  const bool npm = all[0].type == "npm" && file == "package.json" && is_npm_package(found.path.str());
  const bool gem = all[0].type == "gem" && file.ends_with(".gemspec");
  return npm || gem ? &all[0] : nullptr;
}

// That folder: of node_modules/a/package.json beside it, as of bundler/gems/a-1/a.gemspec; of specifications/a-1.gemspec
// gems/a-1, as of specifications/default/a-1.gemspec.
Path folder_of(const Package& package) {
  constexpr std::string_view kEnding = ".gemspec";
  Path folder(package.path.folder());
  if (package.type == "gem" && folder.name() == "default") folder = Path(folder.folder());
  if (package.type == "npm" || folder.name() != "specifications") return Path(package.path.folder());
  std::string_view name = package.path.name();
  name.remove_suffix(std::min(name.size(), kEnding.size()));
  return Path(std::string(folder.folder()) + "/gems/" + std::string(name));
}

bool is_text_for_people(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames = {"LICENSE", "LICENCE", "README", "CHANGELOG", "HISTORY"};
  return name.ends_with(".md") ||
         std::ranges::any_of(kNames, [&](std::string_view one) { return name.starts_with(one); });
}

// The lowest layer that brought a file of a package's folder; packages in its node_modules are others. 0: of more than kMostEntries.
std::uint32_t lowest_layer(const Path& top, const Tree& tree) {
  constexpr std::size_t kMostEntries = 10'000;
  std::uint32_t lowest = ~std::uint32_t{0};
  std::vector<Path> folders = {top};
  for (std::size_t count = 0; !folders.empty();) {
    const Path folder = std::move(folders.back());
    folders.pop_back();
    for (const std::string_view name : tree.list(folder)) {
      if (++count > kMostEntries) return 0;
      Path path(folder.str() + "/" + std::string(name));
      const std::optional<Node> node = tree.find_no_follow(path);
      if (!node || is_text_for_people(name)) continue;
      if (node->kind == NodeKind::file) lowest = std::min(lowest, node->layer);
      if (node->kind == NodeKind::directory && name != "node_modules") folders.push_back(std::move(path));
    }
  }
  return lowest;
}

// Which packages have a file that came with their metadata or before. Gemspecs may share a folder, which is looked at once.
class Folders {
 public:
  explicit Folders(const Tree& tree) : tree_(tree) {}

  [[nodiscard]] bool is_left(const Found& found, const Package& package) {
    const Path folder = folder_of(package);
    auto known = lowest_.find(folder);
    if (known == lowest_.end()) known = lowest_.emplace(folder, lowest_layer(folder, tree_)).first;
    return known->second <= found.layer;
  }

 private:
  const Tree& tree_;
  std::map<Path, std::uint32_t> lowest_;
};

// "lib/site-packages" of lib/site-packages/a-1.dist-info/METADATA, "opt/conda-meta" of opt/conda-meta/a-1-0.json, "app/node_modules",
// "gems/3.1.0/specifications".
Path home_of(const Package& package) {
  const Path folder(package.path.folder());
  if (package.type == "npm") {
    constexpr std::string_view kModules = "node_modules";
    return Path(std::string(folder.str().substr(0, folder.str().rfind(kModules) + kModules.size())));
  }
  const bool in_a_folder = package.type == "pypi" && !package.path.name().ends_with(".egg-info");
  return in_a_folder ? Path(folder.folder()) : folder;
}

// What the packages of the final tree are: where, under which names, with which files.
class Listings {
 public:
  explicit Listings(const std::vector<Found>& all) {
    for (const Found& found : all) {
      if (!found.visible) continue;
      for (const Package& package : found.inventory->packages) {
        if (package.type != "pypi" && package.type != "conda") continue;
        names_.insert(name_of(package));
        files_.insert(package.files.begin(), package.files.end());
      }
    }
  }
  [[nodiscard]] bool has(const Package& package) const { return names_.contains(name_of(package)); }

  [[nodiscard]] bool is_mostly_left(const Package& package, const Tree& tree) const {
    const std::string own =
        package.type == "pypi" ? std::string(package.path.folder()) + "/" : package.path.str();
    std::size_t all = 0, left = 0;
    for (const std::string_view file : package.files) {
      if (file.starts_with(own) || file.find("/__pycache__/") != std::string_view::npos) continue;
      ++all;
      if (!files_.contains(file) && tree.find(Path(file))) ++left;
    }
    return 2 * left > all;
  }

 private:
  using Name = std::tuple<Path, std::string, std::string>;
  static Name name_of(const Package& one) {
    return {home_of(one), one.type, comparable_name(one.type, one.name)};
  }

  std::set<Name> names_;
  std::unordered_set<std::string_view> files_;
};

}  // namespace

void recover_metadata(const Tree& tree, Recovery& recovery) {
  const std::vector<Found>& all = tree.found();
  const auto is_gone = [&](std::size_t i) {
    const bool highest = i + 1 == all.size() || all[i + 1].path != all[i].path;
    return highest && !all[i].visible && (listing(all[i]) != nullptr || in_folder(all[i]) != nullptr);
  };
  std::vector<const Found*> gone;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_gone(i)) gone.push_back(&all[i]);
  }
  if (gone.empty()) return;
  const Listings listings(all);
  Folders folders(tree);
  std::map<Path, LostDatabase> homes;
  for (const Found* found : gone) {
    const Package* const listed = listing(*found);
    const Package& package = listed == nullptr ? *in_folder(*found) : *listed;
    if (tree.find(found->path)) continue;  // moved: a link leads to where it lies now
    const bool left = listed == nullptr ? folders.is_left(*found, package)
                                        : !listings.has(package) && listings.is_mostly_left(package, tree);
    if (!left) continue;
    recovery.files.push_back({found, {}});
    const Path home = home_of(package);
    LostDatabase& lost = homes.try_emplace(home, LostDatabase{.path = home}).first->second;
    lost.layer = std::max(lost.layer, found->layer);
    ++lost.packages;
  }
  for (auto& [path, lost] : homes) recovery.databases.push_back(std::move(lost));
}

bool is_of_single_packages(const Path& database) { return dpkg_home(database.folder()) != database.folder(); }

Recovery recover(const Tree& tree, const Systems& there) {
  const std::vector<Found>& all = tree.found();
  const std::set<std::string_view> homes = lost_homes(all, there);
  Recovery recovery;
  for (auto from = all.begin(); !homes.empty() && from != all.end();) {
    const auto to = std::find_if(from, all.end(), [&](const Found& one) { return one.path != from->path; });
    const auto used = highest_copy(from, to);
    if (used != to && lies_in(homes, from->path.str())) {
      recovery.files.push_back({&*used, {from, used}});
      if (const std::size_t packages = packages_of(*used); packages > 0) {
        recovery.databases.push_back({.how = how_lost(tree, *std::prev(to)),
                                      .path = used->path,
                                      .layer = used->layer,
                                      .packages = packages});
      }
    }
    from = to;
  }
  return recovery;
}

void drop_unfounded(const Tree& tree, std::vector<LostDatabase>& databases, std::vector<Package>& packages) {
  std::set<Path> lost, unfounded, founded;  // unfounded: those that can tell
  for (const LostDatabase& one : databases) {
    lost.insert(one.path);
    const Path root(root_above(one.path.str()));
    if (!root.empty() && !tree.find(root)) unfounded.insert(one.path);
  }
  for (const Package& package : packages) {
    if (package.files.empty() || !lost.contains(package.path)) continue;
    const bool left = any_file_left(tree, package, root_above(package.path.str()));
    (left ? founded : unfounded).insert(package.path);
  }
  for (const Path& path : founded) unfounded.erase(path);
  std::erase_if(databases, [&](const LostDatabase& one) { return unfounded.contains(one.path); });
  std::erase_if(packages,
                [&](const Package& one) { return is_of_system(one) && unfounded.contains(one.path); });
}

Note note_of(const LostDatabase& lost, std::size_t layers) {
  const std::string layer = layer_number(lost.layer, layers);
  const std::string what =
      lost.how == LostDatabase::How::unread
          ? "that of a higher layer was not read; what " + layer + " had is shown"
          : std::string(name(lost.how)) + " by a higher layer; the copy of " + layer + " was used";
  return {lost.path, Why::suspicious,
          "package database: " + what + ", packages: " + std::to_string(lost.packages)};
}

std::vector<Distro> lost_distros(const Tree& tree) {
  std::vector<Distro> all;
  const std::vector<Found>& found = tree.found();
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool highest = i + 1 == found.size() || found[i + 1].path != found[i].path;
    if (highest && !found[i].visible && found[i].inventory->distro &&
        root_of_release(found[i].path.str()).empty())
      all.push_back(*found[i].inventory->distro);
  }
  return all;
}

}  // namespace peekr
