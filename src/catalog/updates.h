// SPDX-License-Identifier: Apache-2.0
// dpkg and vcpkg write what they do into numbered files, updates/0000 and so on, and into status when all is done.
#pragma once

#include <vector>

#include "model/package.h"

namespace peekr {

// Whether the file is such a one by its folder.
[[nodiscard]] bool is_update(const Path& path);

// Of each database the newest word on a package counts: the highest number in updates/, then status. Takes out the older
// ones, and what the newest says to be gone: packages without a version. To be called before there are owners.
void settle_updates(std::vector<Package>& packages);

}  // namespace peekr
