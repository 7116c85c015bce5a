// SPDX-License-Identifier: Apache-2.0
// In which order the layers of an image are read, and by how many at once.
#pragma once

#include <cstdint>
#include <vector>

#include "image/layer.h"

namespace peekr {

// A layer that is fetched is mostly waited for.
[[nodiscard]] unsigned threads_for(const Image& image, const ReadOptions& options);
// The parts of one are waited for even more. `threads`: so many layers at once, each of which takes a line at times while others wait
// for it.
[[nodiscard]] unsigned lines_for(const ReadOptions& options, unsigned threads);
// The lowest layer first, which shows what package database the image has (LayerJob::checksums); then those that must be fetched or
// unpacked, the largest first, so that the last one running is a small one; then the others, as they are laid.
[[nodiscard]] std::vector<std::uint32_t> order_of(const LayerJob& job);

}  // namespace peekr
