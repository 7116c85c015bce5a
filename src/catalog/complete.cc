// SPDX-License-Identifier: Apache-2.0
#include "catalog/complete.h"

#include <string>
#include <unordered_set>
#include <utility>

#include "base/timer.h"
#include "catalog/places.h"
#include "catalog/sbom.h"
#include "image/layer.h"

namespace peekr {
namespace {

// Which files are known by something that is not the system's: the evidence itself, what a language package lists, and what lies
// below a file that describes the folder it is in: a Node.js module, a Java runtime, what Bitnami built. Gathered when it is asked for:
// of most images the system owns every executable.
class Known {
 public:
  explicit Known(const std::vector<Package>& packages) : packages_(packages) {}

  [[nodiscard]] bool has(const Path& file) {
    if (!std::exchange(gathered_, true)) gather();
    return files_.contains(file.str()) || lies_in(folders_, file.str());
  }

 private:
  void gather() {
    for (const Package& package : packages_) {
      if (is_of_system(package) || package.declared) continue;
      files_.insert(package.path.str());
      files_.insert(package.files.begin(), package.files.end());
      const std::string_view name = package.path.name();
      if (name == "package.json" || name == "release") folders_.emplace(package.path.folder());
      folders_.insert(bitnami_folder(package));
    }
    folders_.erase("");
  }

  const std::vector<Package>& packages_;
  bool gathered_ = false;
  std::unordered_set<std::string_view> files_;
  Folders folders_;
};

// Whether it matters what the bytes of that file are, and nobody has worked it out.
bool asks_again(const Listed& listed, const Found& found, bool may_be_altered, Known& known) {
  const bool executable = found.inventory->executable;
  if (listed.unhashed && (!found.inventory->packages.empty() || (executable && may_be_altered))) return true;
  return executable && !listed.owner && found.digests.sha256.empty() && !known.has(found.path);
}

std::string label(const Package& package) {
  return package.type + " package " + package.name + " " + full_version(package);
}

}  // namespace

Digests digests_again(const Image& image, const Tree& tree, const Owners& owners, const ReadOptions& read,
                      Inventory& inventory) {
  const Timer timer("catalog/checksums again");
  std::vector<Path> wanted;
  Known known(inventory.packages);
  const std::vector<Found>& all = tree.found();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto at = owners.find(all[i].path.str());
    if (!all[i].visible || at == owners.end()) continue;
    const bool copied = i > 0 && all[i - 1].path == all[i].path;
    if (asks_again(at->second, all[i], copied || read.verify == Verify::full, known))
      wanted.push_back(all[i].path);
  }
  Digests digests;
  if (wanted.empty()) return digests;
  std::map<Path, Digesters> pieces;
  const Status status = tree.read_pieces_again(
      image, wanted, read.limits, [&](const Path& path, std::string_view bytes, const Node&) {
        pieces.try_emplace(path, ChecksumKinds{0}).first->second.update(bytes);
      });
  if (status) {
    for (auto& [path, digesters] : pieces) digests[path] = digesters.finish();
  } else {  // who knows which of them are whole
    inventory.notes.push_back(
        {Path(), Why::damaged, "second reading, for checksums: " + status.error().message});
  }
  for (const Path& path : wanted) {
    if (status && !digests.contains(path))
      inventory.notes.push_back({path, Why::too_big,
                                 "its checksum was not worked out: more than " +
                                     std::to_string(read.limits.file_bytes) + " bytes (limit file_bytes)"});
  }
  return digests;
}

Completeness complete(const Tree& tree, const Owners& owners, const std::vector<Package>& packages) {
  Completeness all;
  Known known(packages);
  for (const Found& found : tree.found()) {
    if (!found.visible || !found.inventory->executable) continue;
    const Listed& listed = owners.at(found.path.str());
    if (!listed.same_as.empty()) continue;
    ++all.executables;
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
