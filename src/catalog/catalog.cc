// SPDX-License-Identifier: Apache-2.0
// Joining: every visible file has a result of its own (what its row said); out of them comes one inventory.
//
//   packages  from all results; the same package in the same file counts once
//   layer     a package database is written anew by every layer that touches it: a package came with the lowest layer
//             of the unbroken run of copies, downwards from the visible one, that have it in that version
//   claims    what a file says of packages that another file declares: joined by type, name and architecture
#include "catalog/catalog.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "base/timer.h"
#include "catalog/again.h"
#include "catalog/complete.h"
#include "catalog/distro.h"
#include "catalog/executable.h"
#include "catalog/lost.h"
#include "catalog/owner.h"
#include "catalog/repeated.h"
#include "catalog/rows.h"
#include "catalog/rpm.h"

namespace peekr {
namespace {

Interest interest_of(const PatternIndex::Answer& answer) {
  if (answer.wants.none()) return answer.reads.any() ? Interest::keep : Interest::none;
  if (all_take_pieces(answer.wants)) return Interest::pieces;
  return any_reads(answer.wants) ? Interest::read_later : Interest::read;
}

Interest interest(std::string_view path, std::string_view head) {
  return interest_of(row_index().look_up(path, head));
}

Interest interest_of_system(std::string_view path, std::string_view /*head*/) {
  PatternIndex::Answer answer = row_index().look_up(path);
  answer.wants &= system_rows();
  answer.reads &= system_rows();
  return interest_of(answer);
}

void read_of_system(const File& file, Inventory& found) {
  run_rows(row_index().look_up(file.path.str()).wants & system_rows(), file, found);
}

void read(const File& file, Inventory& found) {
  run_rows(row_index().look_up(file.path.str(), file.head()).wants, file, found);
  if (file.offset == 0) found.executable = is_executable(file.bytes);
}

// Folders that are there wherever the system is kept by one of these, before any that has executables in the order of a tar.
ChecksumKinds checksums(std::string_view directory) {
  constexpr std::array<std::pair<std::string_view, ChecksumKinds>, 9> kFolders = {{
      {"etc/dpkg", only(Checksum::Kind::md5)},
      {"var/lib/dpkg", only(Checksum::Kind::md5)},
      {"etc/apk", only(Checksum::Kind::sha1)},
      {"lib/apk", only(Checksum::Kind::sha1)},
      {"usr/lib/apk", only(Checksum::Kind::sha1)},
      {"etc/rpm", only(Checksum::Kind::sha256)},
      {"usr/lib/rpm", only(Checksum::Kind::sha256)},
      {"usr/lib/sysimage/rpm", only(Checksum::Kind::sha256)},
      {"var/lib/rpm", only(Checksum::Kind::sha256)},
  }};
  const auto at = std::ranges::find(kFolders, directory, &std::pair<std::string_view, ChecksumKinds>::first);
  return at == kFolders.end() ? 0 : at->second;
}

// The versions of all rows, and which build of the program they are from: rows share code that has no version.
std::string_view version() {
  static const std::string text = [] {
    std::string all = PEEKR_VERSION;
    for (const Cataloger* row : all_catalogers())
      all += " " + std::string(row->name) + " " + std::to_string(row->version);
    struct stat program{};
    if (::stat("/proc/self/exe", &program) == 0)
      all += " " + std::to_string(program.st_size) + " " + std::to_string(program.st_mtim.tv_sec) + "." +
             std::to_string(program.st_mtim.tv_nsec);
    return all;
  }();
  return text;
}

std::string_view version_of_system() {
  static const std::string text = "system " + std::string(version());
  return text;
}

// The result for one visible file, and those for the copies of it that it hides, lowest first.
struct Part {
  const Path* path;
  std::uint32_t layer;
  const Inventory* inventory;
  std::span<const Found> hidden;
};

std::vector<Part> parts_of(const Tree& tree, const std::vector<Again>& again) {
  std::map<const Found*, const Again*> replaced;
  for (const Again& one : again) {
    if (one.replaces != nullptr) replaced[one.replaces] = &one;
  }
  const std::span<const Found> found(tree.found());
  std::vector<Part> parts;
  for (std::size_t i = 0, first = 0; i < found.size(); ++i) {
    if (found[i].path != found[first].path) first = i;
    if (!found[i].visible) continue;
    const auto at = replaced.find(&found[i]);
    if (at == replaced.end()) {
      parts.push_back(
          {&found[i].path, found[i].layer, found[i].inventory.get(), found.subspan(first, i - first)});
    } else {  // what was read without the neighbours is a copy below
      const Again& now = *at->second;
      parts.push_back({&found[i].path, now.layer, &now.inventory, found.subspan(first, i + 1 - first)});
    }
  }
  for (const Again& one : again) {
    if (one.replaces == nullptr) parts.push_back({&one.path, one.layer, &one.inventory, {}});
  }
  return parts;
}

using Identity = std::tuple<std::string_view, std::string_view, std::string_view>;

Identity identity(const Package& package) { return {package.name, package.version, package.arch}; }

// The layer of each package of the part.
std::vector<std::uint32_t> layers_of(const Part& part) {
  const std::vector<Package>& packages = part.inventory->packages;
  std::vector<std::uint32_t> layers(packages.size(), part.layer);
  std::vector<std::size_t> left(packages.empty() ? 0 : packages.size());  // whose run is not broken yet
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  for (auto copy = part.hidden.rbegin(); copy != part.hidden.rend() && !left.empty(); ++copy) {
    std::vector<Identity> there;
    for (const Package& one : copy->inventory->packages) there.push_back(identity(one));
    std::ranges::sort(there);
    std::erase_if(left,
                  [&](std::size_t i) { return !std::ranges::binary_search(there, identity(packages[i])); });
    for (const std::size_t i : left) layers[i] = copy->layer;
  }
  return layers;
}

auto order(const Package& one) { return std::tie(one.type, one.name, one.version, one.arch, one.path); }

std::vector<Package> join_packages(const std::vector<Part>& parts) {
  std::vector<Package> all;
  for (const Part& part : parts) {
    const std::vector<std::uint32_t> layers = layers_of(part);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      all.push_back(part.inventory->packages[i]);
      all.back().layer = layers[i];
    }
  }
  std::ranges::sort(all, [](const Package& a, const Package& b) { return order(a) < order(b); });
  const auto same = [](const Package& a, const Package& b) { return order(a) == order(b); };
  const auto rest = std::ranges::unique(all, same);
  all.erase(rest.begin(), rest.end());
  return all;
}

void sort_unique(std::vector<std::string>& texts) {
  if (!std::ranges::is_sorted(texts)) std::ranges::sort(texts);
  const auto rest = std::ranges::unique(texts);
  texts.erase(rest.begin(), rest.end());
}

// Where a package database lies: "var/lib/dpkg", also for the files of its status.d.
std::string_view database_of(const Package& package) {
  std::string_view folder = package.path.folder();
  if (folder.ends_with("/status.d")) folder.remove_suffix(std::string_view("/status.d").size());
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
      if (package.by_content) continue;
      licensed_[i] = !package.licenses.empty();
      std::vector<std::size_t>& same = by_name_[{package.type, database_of(package), package.name}];
      if (same.empty()) add_database(package);
      if (same.size() < kMostSame) same.push_back(i);
    }
  }

  void add(const Claim& claim, const Path& path) {
    const std::vector<std::string_view> folders = with_parents(path.folder());
    auto database = databases_.end();
    for (auto at = folders.rbegin(); at != folders.rend() && database == databases_.end(); ++at) {
      database = databases_.find({claim.type, *at});
    }
    if (database == databases_.end()) return;
    const auto same = by_name_.find({claim.type, database->second, claim.package});
    if (same == by_name_.end()) return;
    for (const std::size_t i : same->second) {
      if (claim.arch.empty() || claim.arch == packages_[i].arch) add_to(i, claim);
    }
  }

  void add_to(std::size_t i, const Claim& claim) {
    if (!claim.files.empty()) files_[i].push_back(&claim.files);
    Package& package = packages_[i];
    package.checksums.insert(package.checksums.end(), claim.checksums.begin(), claim.checksums.end());
    if (licensed_[i]) return;
    package.licenses.insert(package.licenses.end(), claim.licenses.begin(), claim.licenses.end());
  }

  [[nodiscard]] bool licensed(std::size_t i) const { return licensed_[i] || !packages_[i].licenses.empty(); }

  void finish() {
    for (std::size_t i = 0; i < packages_.size(); ++i) {
      Package& package = packages_[i];
      for (const Files* files : files_[i])
        package.files.insert(package.files.end(), files->begin(), files->end());
      sort_unique(package.files);
      std::ranges::sort(package.checksums);
      sort_unique(package.licenses);
    }
  }

 private:
  using Files = std::vector<std::string>;
  // A database has a package once for each architecture; one with more of them is not worth the time.
  static constexpr std::size_t kMostSame = 64;

  void add_database(const Package& package) {
    const auto depth = [](std::string_view path) { return std::pair(std::ranges::count(path, '/'), path); };
    const std::string_view database = database_of(package);
    for (const std::string_view folder : with_parents(database)) {
      std::string_view& best = databases_.try_emplace({package.type, folder}, database).first->second;
      best = std::min(best, database, [&](auto a, auto b) { return depth(a) < depth(b); });
    }
  }

  std::vector<Package>& packages_;
  std::vector<bool> licensed_;                    // by its own database
  std::vector<std::vector<const Files*>> files_;  // claimed, by package
  std::map<std::pair<std::string_view, std::string_view>, std::string_view>
      databases_;  // (type, a parent): best below
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::vector<std::size_t>>
      by_name_;
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

void join_claims(const Tree& tree, const std::vector<Part>& parts, std::vector<Package>& packages) {
  Claims claims(packages);
  for (const Part& part : parts) {
    for (const Claim& claim : part.inventory->claims) claims.add(claim, *part.path);
  }
  add_linked_licenses(tree, packages, claims);
  claims.finish();
}

// A database that is not there any more still says what is.
Recovery add_recovered(const Tree& tree, std::vector<Part>& parts) {
  std::set<std::string_view> there;
  for (const Part& part : parts) {
    for (const Package& package : part.inventory->packages) {
      if (is_of_system(package)) there.insert(package.type);
    }
  }
  Recovery recovery = recover(tree, there);
  for (const Recovered& one : recovery.files) {
    parts.push_back({&one.found->path, one.found->layer, one.found->inventory.get(), one.hidden});
  }
  return recovery;
}

// Not where a layer could not be read, which may have the files, nor where nobody's files are there: a database on its own.
bool can_tell_remnants(const Image& image, const std::vector<Package>& packages) {
  const bool all_read = !image.folder.empty() ||
                        std::ranges::none_of(image.layers, [](const auto& open) { return open == nullptr; });
  return all_read && std::ranges::any_of(packages, [](const Package& one) {
           return is_of_system(one) && !one.remnant && !one.files.empty();
         });
}

// A lock file that does not count leaves no gap.
void add_notes(const std::vector<Part>& parts, Declared declared, Inventory& all) {
  std::set<std::string_view> counted;
  for (const Package& package : all.packages) {
    if (package.declared) counted.insert(package.path.str());
  }
  for (const Part& part : parts) {
    if (declared == Declared::alone && part.inventory->declared && !counted.contains(part.path->str()))
      continue;
    std::ranges::copy(part.inventory->notes, std::back_inserter(all.notes));
  }
}

void keep_system(Inventory& all) {
  std::erase_if(all.packages, [](const Package& one) { return !is_of_system(one); });
  all.notes.push_back(
      {Path(), Why::unsupported, "only packages of the operating system were looked for, as was asked"});
}

std::optional<Distro> join_distro(const std::vector<Part>& parts) {
  std::vector<Distro> all;
  for (const Part& part : parts) {
    if (part.inventory->distro) all.push_back(*part.inventory->distro);
  }
  return join_distros(std::move(all));
}

}  // namespace

const Reader& reader(PackageTypes types) {
  static constexpr Reader kSystem = {.interest = interest_of_system,
                                     .read = read_of_system,
                                     .version = version_of_system,
                                     .checksums = checksums};
  static constexpr Reader kReader = {
      .interest = interest, .read = read, .version = version, .checksums = checksums};
  return types == PackageTypes::system ? kSystem : kReader;
}

Inventory catalog(const Image& image, const Tree& tree, const Limits& limits, Scope scope) {
  const Timer timer("catalog/join");
  Inventory all;
  const std::vector<Again> again = read_wanted_again(image, tree, limits, all.notes);
  std::vector<Part> parts = parts_of(tree, again);
  Recovery recovery = add_recovered(tree, parts);
  all.distro = join_distro(parts);
  if (!all.distro) {
    all.distro = join_distros(lost_distros(tree));
    if (all.distro)
      all.notes.push_back({all.distro->path, Why::suspicious,
                           "release file: deleted by a higher layer; the copy of a lower one was used"});
  }
  for (const Part& part : parts)
    std::ranges::copy(part.inventory->repositories, std::back_inserter(all.repositories));
  sort_unique(all.repositories);
  all.packages = join_packages(parts);
  if (scope.types == PackageTypes::system) keep_system(all);
  drop_stale_rpm(all);
  if (scope.declared == Declared::alone) drop_superseded(all.packages);
  drop_repeated(all.packages);
  join_claims(tree, parts, all.packages);
  drop_unfounded(tree, recovery.databases, all.packages);
  Owners owners = find_owners(tree, {}, all.packages);
  const Digests digests = digests_again(image, tree, owners, limits, all);
  if (!digests.empty()) owners = find_owners(tree, digests, all.packages);
  for (Package& package : all.packages) package.checksums = {};
  if (!can_tell_remnants(image, all.packages)) {
    for (Package& package : all.packages) package.remnant = false;
  }
  all.completeness = complete(tree, owners, all.packages);
  all.completeness.lost = recovery.databases;
  drop_owned_by_content(all.packages);
  for (Package& package : all.packages) package.purl = purl(package, all.distro);
  for (const LostDatabase& lost : recovery.databases) all.notes.push_back(note_of(lost));
  std::ranges::copy(tree.notes(), std::back_inserter(all.notes));
  std::ranges::copy(image.notes, std::back_inserter(all.notes));
  add_notes(parts, scope.declared, all);
  std::ranges::sort(all.notes);
  const auto rest = std::ranges::unique(all.notes);
  all.notes.erase(rest.begin(), rest.end());
  return all;
}

}  // namespace peekr
