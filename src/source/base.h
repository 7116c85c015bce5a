// SPDX-License-Identifier: Apache-2.0
// Which image an image was built on, and where its layers end.
#pragma once

#include <span>

#include "image/cache.h"
#include "source/oci.h"

namespace peekr {

// The name is what annotations say, else labels, which an image inherits from its base: they may speak of that one's base. The
// layers are told by the build history, in which a base image ends with its CMD. Pure; a guess, which says how it came about.
[[nodiscard]] BaseImage base_of(std::span<const ImageConfig::Step> history, const ImageInfo& info);

// The largest image of another name that was seen before and has the lowest layers of this one, but not all of them, is its base: this is no guess. Then
// this image is seen, too. Layers go by their diff IDs, which are the same however a registry packs them.
void recognise_base(ImageInfo& info, Cache& cache);

}  // namespace peekr
