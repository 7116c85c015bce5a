// SPDX-License-Identifier: Apache-2.0
// Package databases that a higher layer has deleted or emptied, to make an image smaller or to hide what is in it: the packages
// are still there. Or that of the higher layer could not be read. The copy of the lower layer is read instead.
#pragma once

#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "image/tree.h"

namespace peekr {

// One file that takes the place of a database, or of what belongs to it, with the copies of it below.
struct Recovered {
  const Found* found = nullptr;
  std::span<const Found> hidden;  // lower copies, lowest first
};

struct Recovery {
  std::vector<Recovered> files;  // by path
  std::vector<LostDatabase> databases;
};

// Type of packages, and the root file system whose they are: "" is the image's own.
using System = std::pair<std::string_view, std::string_view>;
using Systems = std::set<System>;
// Whether dpkg keeps a single package, or what it is doing, in such a file: none of them stands for all that status has.
[[nodiscard]] bool is_of_single_packages(const Path& database);
// Of what is not among `there`, which is in the final tree: a database of the same type elsewhere in a root file system has taken the
// place of one that is gone, as rpm has moved its own.
[[nodiscard]] Recovery recover(const Tree& tree, const Systems& there);
// Python's and conda's packages have a folder or file of metadata each. Adds those that a higher layer deleted while more than half of
// what they list is there, and is in no other such package's list: neither upgraded nor renamed; and those of npm and RubyGems of whose
// folder more than texts for people is there. A folder of packages counts as a database.
void recover_metadata(const Tree& tree, Recovery& recovery);
// Takes out the databases of which no package has a file left, and their packages: they went with all that they are about. One
// whose packages list no files stays as long as its root file system is there: nobody can tell.
void drop_unfounded(const Tree& tree, std::vector<LostDatabase>& databases, std::vector<Package>& packages);
[[nodiscard]] Note note_of(const LostDatabase& lost, std::size_t layers);
// What the release files say that are in lower layers only.
[[nodiscard]] std::vector<Distro> lost_distros(const Tree& tree);

}  // namespace peekr
