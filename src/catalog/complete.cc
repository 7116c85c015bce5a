// SPDX-License-Identifier: Apache-2.0
#include "catalog/complete.h"

#include <string>
#include <unordered_set>

#include "base/timer.h"
#include "image/layer.h"

namespace peekr {
namespace {

// Which files are known by something that is not the system's: the evidence itself, what a language package lists, and what lies
// below a file that describes the folder it is in: a Node.js module, a Java runtime.
class Known {
 public:
  explicit Known(const std::vector<Package>& packages) {
    for (const Package& package : packages) {
      if (is_of_system(package) || package.declared) continue;
      files_.insert(package.path.str());
      files_.insert(package.files.begin(), package.files.end());
      const std::string_view name = package.path.name();
      if (name == "package.json" || name == "release") folders_.insert(package.path.folder());
    }
    folders_.erase("");
  }

  [[nodiscard]] bool has(const Path& file) const {
    if (files_.contains(file.str())) return true;
    std::string_view folder = file.folder();
    while (!folder.empty()) {
      if (folders_.contains(folder)) return true;
      const std::size_t slash = folder.rfind('/');
      folder = folder.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
    return false;
  }

 private:
  std::unordered_set<std::string_view> files_, folders_;
};

// Whether it matters what the bytes of that file are, and nobody has worked it out.
bool asks_again(const std::vector<Found>& all, std::size_t i, const Owners& owners, const Known& known) {
  const auto at = owners.find(all[i].path.str());
  if (at == owners.end()) return false;
  const auto& [path, listed] = *at;
  if (listed.unhashed && !all[i].inventory->packages.empty()) return true;
  if (!all[i].inventory->executable || !all[i].digests.sha256.empty()) return false;
  if (!listed.owner) return !known.has(all[i].path);
  const bool copied = i > 0 && all[i - 1].path == all[i].path;
  return copied && all[i].digests.md5.empty() && all[i].digests.sha1.empty();
}

std::string label(const Package& package) {
  return package.type + " package " + package.name + " " + full_version(package);
}

}  // namespace

Digests digests_again(const Image& image, const Tree& tree, const Owners& owners, const Limits& limits,
                      Inventory& inventory) {
  const Timer timer("catalog/checksums again");
  std::vector<Path> wanted;
  const Known known(inventory.packages);
  const std::vector<Found>& all = tree.found();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].visible && asks_again(all, i, owners, known)) wanted.push_back(all[i].path);
  }
  Digests digests;
  if (wanted.empty()) return digests;
  const Status status = tree.read_again(
      image, wanted, limits,
      [&](const Path& path, std::string_view bytes, const Node&) { digests[path] = digests_of(bytes, 0); });
  if (!status) {
    inventory.notes.push_back(
        {Path(), Why::damaged, "second reading, for checksums: " + status.error().message});
  }
  return digests;
}

Completeness complete(const Tree& tree, const Owners& owners, const std::vector<Package>& packages) {
  Completeness all;
  const Known known(packages);
  for (const Found& found : tree.found()) {
    if (!found.visible || !found.inventory->executable) continue;
    ++all.executables;
    const Listed& listed = owners.at(found.path.str());
    if (listed.owner) {
      ++all.owned;
    } else if (known.has(found.path)) {
      ++all.identified;
    } else {
      const std::optional<Node> node = tree.find_no_follow(found.path);
      all.unidentified.push_back({.path = found.path,
                                  .layer = found.layer,
                                  .size = node ? node->size : 0,
                                  .sha256 = listed.digests->sha256,
                                  .listed_by = listed.altered ? label(packages[*listed.altered]) : ""});
    }
  }
  return all;
}

}  // namespace peekr
