// SPDX-License-Identifier: Apache-2.0
// Package databases that a higher layer has cut short. Whoever removes a package removes its files: a package that a lower copy of the
// database has, and the final one has not, is still there where its files are, untouched since that copy was written; one that has nothing
// but settings and documentation, where what would go with it is there. And lists of files (dpkg's info/NAME.list) that are gone though
// their package is there.
#pragma once

#include <deque>
#include <vector>

#include "catalog/parts.h"
#include "catalog/present.h"

namespace peekr {

struct Shortened {
  std::size_t layers = 0;      // of the image
  std::deque<Inventory> made;  // what of lower copies is used; `parts` refer to them
  std::vector<Part> parts;
  std::vector<LostDatabase> databases;
  std::vector<Note> notes;
};

// What `parts`, all of the final tree and of databases that are gone altogether, lack. The image has so many layers.
[[nodiscard]] Shortened recover_missing(const Tree& tree, const std::vector<Part>& parts, std::size_t layers);
// Of that: lists of files that the final tree has not any more, of packages that it has, `present`. In `out` is what else is used.
void add_missing_lists(const Tree& tree, const std::vector<Part>& parts, const PackageKeys& present,
                       Shortened& out);

}  // namespace peekr
