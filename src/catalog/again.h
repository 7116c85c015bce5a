// SPDX-License-Identifier: Apache-2.0
// The second reading: files that only the merged tree shows to be wanted, or to have been read without a
// neighbour.
#pragma once

#include <cstdint>
#include <vector>

#include "image/tree.h"

namespace peekr {

// What the rows said about one file that was read again.
struct Again {
  Path path;                        // as it was wanted: the well-known place, not what a link there leads to
  std::uint32_t layer = 0;          // the highest that it or one of its neighbours is from
  const Found* replaces = nullptr;  // the result of the first reading
  Inventory inventory;
};

// Sorted by path. A file that cannot be read again is a Note.
[[nodiscard]] std::vector<Again> read_wanted_again(const Image& image, const Tree& tree, const Limits& limits,
                                                   std::vector<Note>& notes);

}  // namespace peekr
