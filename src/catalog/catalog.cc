// SPDX-License-Identifier: Apache-2.0
// Joining: every visible file has a result of its own (what its row said); out of them comes one inventory.
//
//   packages  from all results; the same package in the same file counts once
//   layer     a package database is written anew by every layer that touches it: a package came with the lowest layer
//             of the unbroken run of copies, downwards from the visible one, that have it in that version;
//             what was read from an altered file of a system package came with the layer that wrote that
//   claims    what a file says of packages that another file declares: joined by type, name and architecture
#include "catalog/catalog.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "base/text.h"
#include "base/timer.h"
#include "catalog/again.h"
#include "catalog/claimed.h"
#include "catalog/claims.h"
#include "catalog/complete.h"
#include "catalog/distro.h"
#include "catalog/dnf_history.h"
#include "catalog/java_archive.h"
#include "catalog/java_classes.h"
#include "catalog/lost.h"
#include "catalog/nix.h"
#include "catalog/owner.h"
#include "catalog/parts.h"
#include "catalog/repeated.h"
#include "catalog/rpm.h"
#include "catalog/shortened.h"
#include "catalog/tarball.h"
#include "catalog/updates.h"
#include "model/root.h"

namespace peekr {
namespace {

// A database that is not there any more still says what is.
Recovery add_recovered(const Tree& tree, std::vector<Part>& parts) {
  Systems there;
  for (const Part& part : parts) {
    if (is_of_single_packages(*part.path)) continue;
    std::string_view type;  // of the last of them, as nearly all of a file have it
    for (const Package& package : part.inventory->packages) {
      if (package.type == type || !is_of_system(package)) continue;
      type = package.type;
      there.emplace(type, root_above(part.path->str()));
    }
  }
  Recovery recovery = recover(tree, there);
  recover_metadata(tree, recovery);
  for (const Recovered& one : recovery.files) {
    parts.push_back({&one.found->path, one.found->layer, one.found->inventory.get(), one.hidden});
  }
  return recovery;
}

// Not where a layer or a folder could not be read, which may have the files, nor where nobody's files are there: a database on its own.
bool can_tell_remnants(const Image& image, const Tree& tree, const std::vector<Package>& packages) {
  const bool has_all = !image.folder.empty() || image.stream ||
                       std::ranges::none_of(image.layers, [](const auto& open) { return open == nullptr; });
  const bool all_read = std::ranges::none_of(tree.notes(), [](const Note& one) {
    return one.why == Why::damaged || one.why == Why::too_big || one.why == Why::unreadable;
  });
  return has_all && all_read && std::ranges::any_of(packages, [](const Package& one) {
           return is_of_system(one) && !one.remnant && !one.files.empty();
         });
}

// Of a zip file that was too large to look at nothing tells that it is one of Java: it is none of its gaps.
void add_notes(const Tree& tree, Inventory& all) {
  std::ranges::copy_if(tree.notes(), std::back_inserter(all.notes),
                       [](const Note& one) { return one.why != Why::too_big || !is_zip(one.path.name()); });
}

// A lock file whose packages do not count leaves no gap. Where none could be read, nobody knows whether they would.
void add_notes(const std::vector<Part>& parts, Declared declared, Inventory& all) {
  std::set<std::string_view> counted;
  for (const Package& package : all.packages) {
    if (package.declared) counted.insert(package.path.str());
  }
  for (const Part& part : parts) {
    const bool uncounted =
        declared == Declared::alone && part.inventory->declared && !counted.contains(part.path->str());
    if (uncounted && !part.inventory->packages.empty()) continue;
    std::ranges::copy_if(part.inventory->notes, std::back_inserter(all.notes),
                         [&](const Note& one) { return !uncounted || one.why != Why::unsupported; });
  }
}

// Of packages that count: where the file is another package's own, that one has the release.
void note_lower_bounds(Inventory& all) {
  for (Package& one : all.packages) {
    if (!one.at_least) continue;
    one.at_least = false;
    all.notes.push_back({one.path, Why::unsupported,
                         one.name + ": at least " + one.version + ": the exact release is not in the file"});
  }
}

// Of rpm's databases.
std::map<Path, std::uint32_t> rpm_layers(const std::vector<Part>& parts) {
  std::map<Path, std::uint32_t> layers;
  for (const Part& part : parts) {
    const std::vector<Package>& packages = part.inventory->packages;
    if (!packages.empty() && packages.front().type == "rpm") layers.emplace(*part.path, part.layer);
  }
  return layers;
}

// The root file system of a package in a folder of documentation; empty: it is in none.
std::string_view documentation_of(const Package& package) {
  const std::string_view root = is_bundled(package) ? std::string_view() : root_of(package);
  return ("/" + std::string(root)).contains("/usr/share/doc/") ? root : std::string_view();
}

bool has_programs(const Tree& tree, const std::string& root) {
  constexpr std::array<std::string_view, 4> kFolders = {"/bin", "/sbin", "/usr/bin", "/usr/sbin"};
  return std::ranges::any_of(kFolders, [&](std::string_view one) {
    return tree.find_no_follow(Path(root + std::string(one))).has_value();
  });
}

// What lies in a folder of documentation is an example of a package database, whose packages are nowhere; where a file of any of them
// is, or a folder of programs, it is a root file system as others are. To be called when claims are joined.
void drop_examples(const Tree& tree, Inventory& all) {
  std::map<std::string, bool> is_there;
  for (const Package& one : all.packages) {
    const std::string root(documentation_of(one));
    if (root.empty()) continue;
    const auto [at, fresh] = is_there.try_emplace(root);
    if (fresh) at->second = has_programs(tree, root);
    at->second = at->second || any_file_left(tree, one, root);
  }
  std::map<std::string, std::size_t> examples;
  std::erase_if(all.packages, [&](const Package& one) {
    const std::string root(documentation_of(one));
    const bool is_example = !root.empty() && !is_there.at(root);
    if (is_example) ++examples[root];
    return is_example;
  });
  for (const auto& [root, count] : examples)
    all.notes.push_back({Path(root), Why::suspicious,
                         "a package database in a folder of documentation: " + std::to_string(count) +
                             (count == 1 ? " package" : " packages") + " of it left out"});
}

void keep_system(Inventory& all) {
  std::erase_if(all.packages, [](const Package& one) { return !is_of_system(one); });
  all.notes.push_back(
      {Path(), Why::unasked, "only packages of the operating system were looked for (--pkg-types os)"});
}

// What of `path` is below that root, where the image's own path leads there: var/lib/dpkg/status of data/var/lib/dpkg/status, where var is
// a link to data/var. Then it is the image's own system.
std::optional<Path> own_path(const Tree& tree, std::string_view root, const Path& path) {
  if (root.empty()) return path;
  const Path rest(std::string(path.str()).substr(root.size() + 1));
  return tree.real_path(rest) == path ? std::optional(rest) : std::nullopt;
}

// Its packages are somewhere, or it was made without any: what of it is installed, nobody can say. Those of a root file system inside
// the image are none of its own.
void note_missing_system(const Tree& tree, Inventory& all) {
  const auto is_own = [&](const Package& one) {
    return one.type == "nix" || (is_of_system(one) && own_path(tree, root_of(one), one.path));
  };
  if (!all.distro || std::ranges::any_of(all.packages, is_own)) return;
  all.notes.push_back(
      {Path(), Why::no_data,
       all.distro->id + (all.distro->version_id.empty() ? "" : " ") + all.distro->version_id +
           ": no package of the operating system was found: what of it is there is not known"});
}

using Distros = std::map<std::string, Distro, std::less<>>;  // by root file system: "" is the image's own

Distros join_distros(const Tree& tree, const std::vector<Part>& parts) {
  std::map<std::string, std::vector<Distro>> said;
  for (const Part& part : parts) {
    if (!part.inventory->distro) continue;
    const std::string_view root = root_of_release(part.path->str());
    Distro one = *part.inventory->distro;
    const std::optional<Path> own = own_path(tree, root, *part.path);
    if (own) one.path = *own;
    said[own ? std::string() : std::string(root)].push_back(std::move(one));
  }
  Distros all;
  for (auto& [root, distros] : said) all.emplace(root, *join_distros(std::move(distros)));
  return all;
}

// A package of another system than the image's is named as one of that. One whose root file system names no release (an upper layer below
// var/lib/docker) is taken for the image's own. Bitnami's, and what is bundled, say it themselves.
void set_purls(const Tree& tree, const Distros& inner, Inventory& all) {
  std::map<Path, bool> is_own;  // by database that seems to be of an inner root
  std::set<std::string> nameless;
  for (Package& package : all.packages) {
    if (!package.purl.empty() && (package.type == "bitnami" || is_bundled(package))) continue;
    package.purl = purl(package, all.distro);
    const std::string_view root = root_of(package);
    if (root.empty()) continue;
    const auto [at, fresh] = is_own.try_emplace(package.path);
    if (fresh) at->second = own_path(tree, root, package.path).has_value();
    if (at->second) continue;
    if (const auto other = inner.find(root); other != inner.end()) {
      package.purl = purl(package, other->second);
    } else {
      nameless.emplace(root);
    }
  }
  if (nameless.empty()) return;
  all.notes.push_back(
      {Path(*nameless.begin()), Why::no_data,
       "a root file system inside the image without a release file" +
           (nameless.size() == 1 ? std::string() : ", and " + std::to_string(nameless.size() - 1) + " more") +
           ": its packages are judged as of the image's own release"});
}

}  // namespace

Inventory catalog(const Image& image, const Tree& tree, const ReadOptions& read, Selection selection) {
  const Timer timer("catalog/join");
  Inventory all;
  const std::vector<Again> again = read_wanted_again(image, tree, read.limits, all.notes);
  std::vector<Part> parts = parts_of(tree, again);
  Recovery recovery = add_recovered(tree, parts);
  const Shortened shortened = recover_missing(tree, parts, image.layers.size());
  std::ranges::copy(shortened.parts, std::back_inserter(parts));
  Distros distros = join_distros(tree, parts);
  if (const auto own = distros.find(""); own != distros.end()) all.distro = std::move(own->second);
  if (!all.distro) {
    all.distro = join_distros(lost_distros(tree));
    if (all.distro)
      all.notes.push_back({all.distro->path, Why::suspicious,
                           "release file: deleted by a higher layer; the copy of a lower one was used"});
  }
  for (const Part& part : parts)
    std::ranges::copy(part.inventory->repositories, std::back_inserter(all.repositories));
  settle_dnf_repositories(all.repositories);
  sort_unique(all.repositories);
  all.packages = join_packages(parts);
  settle_updates(all.packages);
  add_nix_store(tree, all.packages);
  if (selection.types == PackageTypes::system) keep_system(all);
  drop_stale_rpm(rpm_layers(parts), all);
  drop_of_go_itself(tree, all.packages);
  if (selection.declared == Declared::alone) drop_superseded(all.packages);
  drop_repeated(all.packages);
  drop_harmless_classes(tree, all.packages);
  settle_claimed(tree, all);
  join_claims(tree, parts, all.packages);
  drop_examples(tree, all);
  drop_unfounded(tree, recovery.databases, all.packages);
  note_missing_system(tree, all);
  Owners owners = find_owners(tree, {}, all.packages);
  const Digests digests = digests_again(image, tree, owners, read, all);
  if (!digests.empty()) owners = find_owners(tree, digests, all.packages);
  set_layers_of_altered(tree, all.packages);
  for (Package& package : all.packages) package.checksums = {};
  if (!can_tell_remnants(image, tree, all.packages)) {
    for (Package& package : all.packages) package.remnant = false;
  }
  all.completeness = complete(tree, owners, all.packages);
  all.completeness.lost = recovery.databases;
  std::ranges::copy(shortened.databases, std::back_inserter(all.completeness.lost));
  std::ranges::stable_sort(all.completeness.lost, {}, &LostDatabase::path);
  drop_owned_by_content(all.distro, all.packages);
  set_purls(tree, distros, all);
  for (const LostDatabase& lost : recovery.databases) all.notes.push_back(note_of(lost, image.layers.size()));
  std::ranges::copy(shortened.notes, std::back_inserter(all.notes));
  add_notes(tree, all);
  std::ranges::copy(image.notes, std::back_inserter(all.notes));
  if (image.late_notes) {
    image.late_notes->with([&](const auto& late) { std::ranges::copy(late, std::back_inserter(all.notes)); });
  }
  add_notes(parts, selection.declared, all);
  settle_tarballs(tree, all);
  note_lower_bounds(all);
  std::ranges::sort(all.notes);
  const auto rest = std::ranges::unique(all.notes);
  all.notes.erase(rest.begin(), rest.end());
  return all;
}

}  // namespace peekr
