// SPDX-License-Identifier: Apache-2.0
// Claims: what a file says of packages that another file declares: joined by type, name and architecture.
#pragma once

#include "catalog/parts.h"

namespace peekr {

// Gives the packages the files, checksums and licences that are claimed for them.
void join_claims(const Tree& tree, const std::vector<Part>& parts, std::vector<Package>& packages);

}  // namespace peekr
