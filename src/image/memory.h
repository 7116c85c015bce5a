// SPDX-License-Identifier: Apache-2.0
// How much of an image is held at once where memory is bounded (--max-memory).
#pragma once

#include <cstdint>

#include "image/tree.h"

namespace peekr {

// Under this, images of everyday size cannot be read at all.
constexpr std::uint64_t kLeastMemory = 64 << 20;

// Lowers limits and threads so that reading takes no more of that many bytes than there is beside the program and its results.
void fit_into(std::uint64_t memory, ReadOptions& options);

}  // namespace peekr
