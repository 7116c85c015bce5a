// SPDX-License-Identifier: Apache-2.0
// Who brought a package's evidence: a language package whose files a system package installed is that system package's.
#pragma once

#include <vector>

#include "image/tree.h"

namespace peekr {

// Sets `owner` where the file that a package was read from is one that a system package lists. A list may name it through a
// link (usr-merged systems: "lib/x" is usr/lib/x): links of the tree are followed.
void find_owners(const Tree& tree, std::vector<Package>& packages);

// Takes out what was seen in the bytes of a file that a system package installed: that package answers for it; and what is
// part of an installation that says the same of itself (bin/java of a Java runtime with a release file). To be called when
// owners are known; keeps them right.
void drop_owned_by_content(std::vector<Package>& packages);

}  // namespace peekr
