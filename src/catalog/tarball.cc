// SPDX-License-Identifier: Apache-2.0
// Tar archives, packages and file systems in a file: what is in them is not installed, but there, and nobody looks into them:
//
//   gzip 1f 8b, xz fd "7zXZ", bzip2 "BZh", zstd 28 b5 2f fd, tar "ustar" at 257, deb "!<arch>", rpm ed ab ee db, squashfs "hsqs"
//
// Not those that package managers keep of what they have installed (*.gem, *.crate, npm's cache): that is found where it lies unpacked.
#include "catalog/tarball.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "catalog/cataloger.h"
#include "catalog/declared.h"
#include "catalog/pattern.h"
#include "catalog/places.h"

namespace peekr {
namespace {

constexpr std::string_view kWhat = "an archive, not looked into";

constexpr std::array<Magic, 8> kPacked = {{{"\x1f\x8b"},
                                           {"\xfd"
                                            "7zXZ"},
                                           {"BZh"},
                                           {"\x28\xb5\x2f\xfd"},
                                           {"ustar", 257},
                                           {"!<arch>\ndebian-binary"},
                                           {"\xed\xab\xee\xdb"},
                                           {"hsqs"}}};

void run(const File& file, Inventory& found) {
  const auto is = [&](const Magic& magic) { return matches(magic, file.bytes); };
  if (file.offset == 0 && std::ranges::any_of(kPacked, is))
    found.notes.push_back({file.path, Why::unsupported, std::string(kWhat)});
}

constexpr std::array<Pattern, 13> kWants = {
    "**/*.tar",     "**/*.tar.gz", "**/*.tgz", "**/*.tar.xz", "**/*.txz",  "**/*.tar.bz2", "**/*.tbz2",
    "**/*.tar.zst", "**/*.deb",    "**/*.rpm", "**/*.apk",    "**/*.snap", "**/*.squashfs"};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Takes out what a system package lists.
void drop_owned(const Tree& tree, const std::vector<Package>& packages, std::set<std::string>& archives) {
  std::set<std::string, std::less<>> names;
  for (const std::string& archive : archives) names.emplace(base_name(archive));
  Places places(tree);
  for (const Package& package : packages) {
    if (!is_of_system(package)) continue;
    for (const std::string_view file : package.files) {
      if (names.contains(base_name(file))) archives.erase(places.of(std::string(file)));
    }
  }
}

}  // namespace

void settle_tarballs(const Tree& tree, Inventory& all) {
  std::set<std::string> archives;
  std::erase_if(all.notes, [&](const Note& note) {
    if (note.why != Why::unsupported || note.what != kWhat) return false;
    if (!is_of_dependency(note.path)) archives.emplace(note.path.str());
    return true;
  });
  if (archives.empty()) return;
  drop_owned(tree, all.packages, archives);
  if (archives.empty()) return;
  std::string what(kWhat);
  if (archives.size() > 1) what += ", and " + std::to_string(archives.size() - 1) + " more in the image";
  all.notes.push_back({Path(*archives.begin()), Why::unsupported, std::move(what)});
}

namespace catalogers {
extern const Cataloger tarball;
constexpr Cataloger tarball = {.name = "tarball",
                               .about = "archives that are not looked into: they are told of, once",
                               .version = 1,
                               .wants = kWants,
                               .takes = Takes::pieces,
                               .bulky = true,
                               .run = run};
}  // namespace catalogers

}  // namespace peekr
