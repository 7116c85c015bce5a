// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "catalog/shortened.h"
#include "model/root.h"

namespace peekr {
namespace {

// ".list" or ".md5sums" of dpkg's and opkg's lists of files, and checksums of them; empty: it is neither.
std::string_view list_kind(const Path& path) {
  const std::string_view name = path.name();
  if (!path.folder().ends_with("/info")) return {};
  for (const std::string_view kind : {".list", ".md5sums"}) {
    if (name.ends_with(kind)) return kind;
  }
  return {};
}

bool is_about_one(const Claim& claim, std::string_view root, const PackageKeys& present) {
  return claim.arch.empty() ? has_package(present, claim.type, root, claim.package)
                            : present.contains({claim.type, root, claim.package, claim.arch});
}

// Of packages that are there those that the final tree shows no more, not even in another copy.
std::vector<const Found*> gone_lists(const std::vector<Found>& all, const PackageKeys& present) {
  std::vector<const Found*> gone;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Found& one = all[i];
    const bool highest = i + 1 == all.size() || all[i + 1].path != one.path;
    if (!highest || one.visible || list_kind(one.path).empty()) continue;
    const std::vector<Claim>& claims = one.inventory->claims;
    if (!claims.empty() && is_about_one(claims[0], root_above(one.path.str()), present)) gone.push_back(&one);
  }
  return gone;
}

}  // namespace

void add_missing_lists(const Tree& tree, const std::vector<Part>& parts, const PackageKeys& present,
                       Shortened& out) {
  const std::vector<const Found*> gone = gone_lists(tree.found(), present);
  if (gone.empty()) return;
  std::unordered_set<const Inventory*> used;
  std::set<PackageKey> listed;  // type, root, package, kind of list
  for (const Part& part : parts) used.insert(part.inventory);
  for (const Part& part : out.parts) used.insert(part.inventory);
  for (const Part& part : parts) {
    const std::string_view kind = list_kind(*part.path);
    if (kind.empty()) continue;
    const std::string_view root = root_above(part.path->str());
    for (const Claim& one : part.inventory->claims) listed.emplace(one.type, root, one.package, kind);
  }
  std::map<std::string_view, std::map<std::uint32_t, std::size_t>> lists;  // by folder, layer: how many
  for (const Found* found : gone) {
    const Found& one = *found;
    if (used.contains(one.inventory.get())) continue;
    const std::vector<Claim>& claims = one.inventory->claims;
    const std::string_view kind = list_kind(one.path), root = root_above(one.path.str());
    // It has another by now, for its architecture or for none.
    if (listed.contains({claims[0].type, root, claims[0].package, kind})) continue;
    out.parts.push_back({&one.path, one.layer, one.inventory.get(), {}});
    if (kind == ".list") ++lists[one.path.folder()][one.layer];
  }
  for (const auto& [folder, layers] : lists) {
    for (const auto& [layer, count] : layers) {
      out.notes.push_back({Path(folder), Why::suspicious,
                           "package database: lists of files deleted by a higher layer, though their "
                           "packages are there: " +
                               std::to_string(count) + "; those of layer " + std::to_string(layer) +
                               " were used"});
    }
  }
}

}  // namespace peekr
