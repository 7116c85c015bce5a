// SPDX-License-Identifier: Apache-2.0
// What the rows said, file by file, as far as the merged tree shows the files.
#pragma once

#include <span>
#include <vector>

#include "catalog/again.h"
#include "image/tree.h"

namespace peekr {

// The result for one visible file, and those for the copies of it that it hides, lowest first. Of a package database also those that
// lay elsewhere in lower layers and are gone, highest first: it was moved, or converted.
struct Part {
  const Path* path;
  std::uint32_t layer;
  const Inventory* inventory;
  std::span<const Found> hidden;
  std::vector<const Found*> moved = {};
};

// `again`: what was read once more, with what the merged tree has beside it.
[[nodiscard]] std::vector<Part> parts_of(const Tree& tree, const std::vector<Again>& again);

// All packages, each with the layer that it came with.
[[nodiscard]] std::vector<Package> join_packages(const std::vector<Part>& parts);

}  // namespace peekr
