// SPDX-License-Identifier: Apache-2.0
// What else is to be known of vcpkg's files: which are its own, and which of them is the newest.
#pragma once

#include <vector>

#include "model/package.h"

namespace peekr {

// Whether it is the document of an installed port, which catalog/vcpkg.cc reads.
[[nodiscard]] bool is_of_vcpkg(const Path& path);

// Of each folder vcpkg/ the newest word on a package counts: the highest number in updates/, then status. Takes out the older
// ones, and what the newest says to be gone: packages without a version. To be called before there are owners.
void settle_vcpkg(std::vector<Package>& packages);

}  // namespace peekr
