// SPDX-License-Identifier: Apache-2.0
#include "catalog/owner.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/hash.h"
#include "catalog/places.h"
#include "catalog/sbom.h"
#include "model/third_party.h"

namespace peekr {
namespace {

// Whether the same package was seen in a file further up in the same installation. Packages are sorted.
bool is_part(const Package& package, const std::vector<Package>& packages) {
  const auto key = [](const Package& one) { return std::tie(one.type, one.name, one.version); };
  const auto same = std::ranges::equal_range(packages, key(package), {}, key);
  return std::ranges::any_of(same, [&](const Package& whole) {
    const std::string folder = std::string(whole.path.folder()) + "/";
    return whole.by_content && folder != "/" && whole.path.folder() != package.path.folder() &&
           package.path.str().starts_with(folder);
  });
}

Folders bitnami_folders(const std::vector<Package>& packages) {
  Folders all;
  for (const Package& one : packages) all.insert(bitnami_folder(one));
  all.erase("");
  return all;
}

// Some names, by two parts of a hash (a Bloom filter). Of nearly all others that is enough to know that they are none of them.
class Names {
 public:
  void add(std::string_view name) {
    const std::uint64_t hash = hash_of(0, name);
    bits_[first(hash)] = bits_[second(hash)] = true;
  }
  [[nodiscard]] bool may_have(std::string_view name) const {
    const std::uint64_t hash = hash_of(0, name);
    return bits_[first(hash)] && bits_[second(hash)];
  }

 private:
  static constexpr std::size_t kBits = std::size_t{1} << 18;
  static std::size_t first(std::uint64_t hash) { return static_cast<std::size_t>(hash % kBits); }
  static std::size_t second(std::uint64_t hash) { return static_cast<std::size_t>((hash >> 32) % kBits); }

  std::vector<bool> bits_ = std::vector<bool>(kBits);
};

// Below which folder the files of a system package lie: a database may be that of a root file system inside the image.
struct Root {
  std::string folder;
  bool found = false;  // one of the files lies there
  bool gone = false;   // none lies below any folder that the database is in
};

Root root_of(const Tree& tree, const Package& package) {
  bool any = false;
  for (const std::string_view file : package.files) {
    if (is_documentation(file)) continue;
    any = true;
    for (std::string folder(package.path.folder());;) {
      if (tree.find_no_follow(Path(std::string(folder).append("/").append(file))))
        return {folder, true, false};
      if (folder.empty()) break;
      folder.erase(folder.find('/') == std::string::npos ? 0 : folder.rfind('/'));
    }
  }
  return {"", false, any};
}

// The files that are asked for, nobody's yet.
Owners files_in_question(const Tree& tree, const Digests& again, const std::vector<Package>& packages) {
  Owners all;
  for (const Package& package : packages) {
    if (!is_of_system(package)) all[package.path.str()];
  }
  for (const Found& found : tree.found()) {
    if (!found.visible) continue;
    const auto at = all.find(found.path.str());
    if (at != all.end()) {
      at->second.digests = &found.digests;
    } else if (found.inventory->executable) {
      all[found.path.str()].digests = &found.digests;
    }
  }
  for (const auto& [path, digests] : again) all[path.str()].digests = &digests;
  return all;
}

// Files with several names (hard links) of which some are asked for: whoever lists one of them lists all.
class SameFiles {
 public:
  SameFiles(const Tree& tree, const Owners& owners) {
    std::unordered_map<std::uint32_t, std::string_view> files;
    tree.each_hard_link([&](std::uint32_t file, const Path& name) {
      const auto asked = owners.find(name.str());
      if (asked == owners.end()) return;
      std::string_view& first = files.try_emplace(file, asked->first).first->second;
      first = std::min(first, asked->first);
    });
    if (files.empty()) return;
    tree.each_hard_link([&](std::uint32_t file, const Path& name) {
      const auto at = files.find(file);
      if (at != files.end()) first_.emplace(name.str(), at->second);
    });
  }

  void add_to(Names& names) const {
    for (const auto& [name, first] : first_) names.add(base_name(name));
  }

  // The name that stands for the file: the first of those that are asked for.
  [[nodiscard]] std::string_view first_of(const std::string& name) const {
    const auto at = first_.find(name);
    return at == first_.end() ? std::string_view(name) : at->second;
  }

  void share(Owners& owners) const {
    for (const auto& [name, first] : first_) {
      const auto at = owners.find(name);
      if (at == owners.end() || name == first) continue;
      const FileDigests* digests = at->second.digests;
      at->second = owners.at(first);
      at->second.digests = digests;
      at->second.same_as = first;
    }
  }

 private:
  std::map<std::string, std::string_view> first_;  // by each name
};

// As far as one kind of digest was worked out of both.
bool have_same_bytes(const FileDigests& one, const FileDigests& other) {
  const auto agree = [&](std::string FileDigests::* kind) {
    return !(one.*kind).empty() && one.*kind == other.*kind;
  };
  return agree(&FileDigests::md5) || agree(&FileDigests::sha1) || agree(&FileDigests::sha256);
}

void set_owners(const Owners& owners, std::vector<Package>& packages) {
  for (Package& package : packages) {
    if (is_of_system(package)) continue;
    const Listed& listed = owners.at(package.path.str());
    package.owner = listed.owner;
    // A file may be listed twice: a diversion, an upgrade.
    package.altered = listed.owner ? std::nullopt : listed.altered;
  }
}

}  // namespace

void set_layers_of_altered(const Tree& tree, std::vector<Package>& packages) {
  for (Package& package : packages) {
    if (!package.altered) continue;
    const auto copies = std::ranges::equal_range(tree.found(), package.path, {}, &Found::path);
    if (copies.empty() || !copies.back().visible) continue;
    const Found& now = copies.back();
    package.layer = now.layer;
    for (auto below = copies.end() - 1; below != copies.begin();) {
      --below;
      if (below->removed || !have_same_bytes(below->digests, now.digests)) break;
      package.layer = below->layer;
    }
  }
}

bool is_documentation(std::string_view file) {
  constexpr std::array<std::string_view, 6> kFolders = {"usr/share/doc/",     "usr/share/man/",
                                                        "usr/share/info/",    "usr/share/locale/",
                                                        "usr/share/lintian/", "usr/share/licenses/"};
  return std::ranges::any_of(kFolders, [&](std::string_view folder) { return file.starts_with(folder); });
}

Owners find_owners(const Tree& tree, const Digests& again, std::vector<Package>& packages) {
  Owners owners = files_in_question(tree, again, packages);
  Names names;
  for (const auto& [path, one] : owners) names.add(base_name(path));
  const SameFiles same_files(tree, owners);
  same_files.add_to(names);
  Places places(tree);
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (!is_of_system(packages[i])) continue;
    const Root root = root_of(tree, packages[i]);
    packages[i].remnant = root.gone;
    const std::string above = root.folder.empty() ? "" : root.folder + "/";
    for (const std::string_view file : packages[i].files) {
      if (!names.may_have(base_name(file))) continue;
      const std::string file_at = places.of(std::string(above).append(file));
      const auto found = owners.find(same_files.first_of(file_at));
      if (found == owners.end()) continue;
      Listed& listed = found->second;
      const Same same =
          listed.digests == nullptr ? Same::unknown : is_same(packages[i].checksums, file, *listed.digests);
      listed.unhashed = listed.unhashed || same == Same::unhashed;
      std::optional<std::size_t>& who = same == Same::no ? listed.altered : listed.owner;
      if (!who) who = i;
    }
  }
  same_files.share(owners);
  set_owners(owners, packages);
  return owners;
}

bool any_file_left(const Tree& tree, const Package& package, std::string_view root) {
  return std::ranges::any_of(package.files, [&](std::string_view file) {
    return !is_documentation(file) && tree.find_no_follow(Path(std::string(root).append("/").append(file)));
  });
}

void drop_owned_by_content(const std::optional<Distro>& distro, std::vector<Package>& packages) {
  std::vector<bool> dropped(packages.size());
  const Folders folders = bitnami_folders(packages);
  std::set<std::string_view> of_bitnami;
  for (const Package& one : packages) {
    if (one.type == "bitnami") of_bitnami.insert(one.name);
  }
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Package& one = packages[i];
    const bool answered = one.owner && !is_of_third_party(packages[*one.owner], distro);
    // Others may have put something else into the folder.
    const auto is_of_another = [&] {
      return answered || is_part(one, packages) ||
             (of_bitnami.contains(one.name) && lies_in(folders, one.path.str()));
    };
    dropped[i] = (one.by_content && is_of_another()) || (one.declared && answered);
  }
  std::vector<std::size_t> place(packages.size());  // where each one goes
  std::size_t kept = 0;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    place[i] = kept;
    if (dropped[i]) continue;
    if (kept != i) packages[kept] = std::move(packages[i]);
    ++kept;
  }
  packages.erase(packages.begin() + static_cast<std::ptrdiff_t>(kept), packages.end());
  for (Package& package : packages) {
    if (package.owner) package.owner = place[*package.owner];
    if (package.altered) package.altered = place[*package.altered];
  }
}

}  // namespace peekr
