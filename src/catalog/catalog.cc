// SPDX-License-Identifier: Apache-2.0
// Joining: every visible file has a result of its own (what its row said); out of them comes one inventory.
//
//   packages  from all results; the same package in the same file counts once
//   layer     a package database is written anew by every layer that touches it: a package came with the
//   lowest layer of
//             the unbroken run of copies, downwards from the visible one, that have it in that version
//   claims    what a file says of packages that another file declares: joined by type, name and architecture
#include "catalog/catalog.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>

#include "base/timer.h"
#include "catalog/again.h"
#include "catalog/distro.h"
#include "catalog/rows.h"
#include "catalog/rpm.h"

namespace peekr {
namespace {

Interest interest(std::string_view path) {
  const PatternIndex::Answer answer = row_index().look_up(path);
  if (answer.wants.none()) return answer.reads.any() ? Interest::keep : Interest::none;
  return any_reads(answer.wants) ? Interest::read_later : Interest::read;
}

void read(const File& file, Inventory& found) {
  run_rows(row_index().look_up(file.path.str()).wants, file, found);
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

template <class Text>
void sort_unique(std::vector<Text>& texts) {
  if (!std::ranges::is_sorted(texts)) std::ranges::sort(texts);
  const auto rest = std::ranges::unique(texts);
  texts.erase(rest.begin(), rest.end());
}

// How many folders two paths have in common.
std::size_t shared_folders(const Path& a, const Path& b) {
  const std::string_view x = a.folder(), y = b.folder();
  std::size_t count = 0;
  for (std::size_t i = 0;; ++i) {
    const bool x_ends = i == x.size() || x[i] == '/';
    const bool y_ends = i == y.size() || y[i] == '/';
    if (x_ends && y_ends && i > 0) ++count;
    if (i >= x.size() || i >= y.size() || x[i] != y[i]) return count;
  }
}

// Gives the packages what the claims say. Where several databases have a package of that name (the image, and
// a root file system inside it), the claim is for those that lie nearest to it.
class Claims {
 public:
  explicit Claims(std::vector<Package>& packages)
      : packages_(packages), licensed_(packages.size()), claimed_(packages.size()) {
    for (std::size_t i = 0; i < packages.size(); ++i) {
      by_name_[{packages[i].type, packages[i].name}].push_back(i);
      licensed_[i] = !packages[i].licenses.empty();
    }
  }

  void add(const Claim& claim, const Path& path) {
    for (const std::size_t i : meant(claim, path)) add_to(i, claim);
  }

  void finish() {
    for (std::size_t i = 0; i < packages_.size(); ++i) {
      Package& package = packages_[i];
      std::vector<std::string_view>& claimed = claimed_[i];
      sort_unique(claimed);
      package.files.insert(package.files.end(), claimed.begin(), claimed.end());
      sort_unique(package.files);
      sort_unique(package.licenses);
    }
  }

  [[nodiscard]] bool licensed(std::size_t i) const { return licensed_[i] || !packages_[i].licenses.empty(); }

  void add_to(std::size_t i, const Claim& claim) {
    Package& package = packages_[i];
    claimed_[i].insert(claimed_[i].end(), claim.files.begin(), claim.files.end());
    if (licensed_[i]) return;
    package.licenses.insert(package.licenses.end(), claim.licenses.begin(), claim.licenses.end());
  }

 private:
  [[nodiscard]] std::vector<std::size_t> meant(const Claim& claim, const Path& path) const {
    std::vector<std::size_t> all;
    const auto at = by_name_.find({claim.type, claim.package});
    if (at == by_name_.end()) return all;
    std::size_t nearest = 0;
    for (const std::size_t i : at->second) {
      if (!claim.arch.empty() && claim.arch != packages_[i].arch) continue;
      const std::size_t near = shared_folders(packages_[i].path, path);
      if (near > nearest) all.clear();
      if (near < nearest) continue;
      nearest = near;
      all.push_back(i);
    }
    return all;
  }

  std::vector<Package>& packages_;
  std::vector<bool> licensed_;  // by its own database
  std::vector<std::vector<std::string_view>>
      claimed_;  // files: views into the claims, most of them there twice
  std::map<std::pair<std::string_view, std::string_view>, std::vector<std::size_t>> by_name_;
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

std::optional<Distro> join_distro(const std::vector<Part>& parts) {
  std::vector<Distro> all;
  for (const Part& part : parts) {
    if (part.inventory->distro) all.push_back(*part.inventory->distro);
  }
  return join_distros(std::move(all));
}

}  // namespace

const Reader& reader() {
  static constexpr Reader kReader = {.interest = interest, .read = read};
  return kReader;
}

Inventory catalog(const Image& image, const Tree& tree, const Limits& limits) {
  const Timer timer("catalog/join");
  Inventory all;
  const std::vector<Again> again = read_wanted_again(image, tree, limits, all.notes);
  const std::vector<Part> parts = parts_of(tree, again);
  all.distro = join_distro(parts);
  all.packages = join_packages(parts);
  drop_stale_rpm(all);
  join_claims(tree, parts, all.packages);
  for (Package& package : all.packages) package.purl = purl(package, all.distro);
  std::ranges::copy(tree.notes(), std::back_inserter(all.notes));
  std::ranges::copy(image.notes, std::back_inserter(all.notes));
  for (const Part& part : parts) std::ranges::copy(part.inventory->notes, std::back_inserter(all.notes));
  std::ranges::sort(all.notes);
  const auto rest = std::ranges::unique(all.notes);
  all.notes.erase(rest.begin(), rest.end());
  return all;
}

}  // namespace peekr
