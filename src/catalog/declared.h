// SPDX-License-Identifier: Apache-2.0
// What lock files ask for. In a folder of sources all of it counts; in an image what is installed does, and a lock file only
// where it is the only trace: a bundled Node.js program, a service that is one file.
#pragma once

#include <vector>

#include "image/tree.h"
#include "model/package.h"

namespace peekr {

enum class Declared { all, alone };

// Takes out what is declared in a folder for which it is installed: something of its type lies in that folder or below, or, because
// most package managers install elsewhere, half of the names that one of its lock files lists are installed anywhere, in whatever
// version. To be called before there are owners.
void drop_superseded(std::vector<Package>& packages);

// Whether a file lies in a folder that a package manager alone writes to.
[[nodiscard]] bool is_of_package_manager(const Path& path);
// Or among what somebody has brought along: the lock file of a dependency says what its authors use.
[[nodiscard]] bool is_of_dependency(const Path& path);

// Whether a file is of Go's own sources, which hold modules that make parts of them, and data of their tests: nothing there is built into
// what Go installs.
[[nodiscard]] bool is_of_go_itself(const Tree& tree, const Path& path);
// Takes out what lock files there ask for.
void drop_of_go_itself(const Tree& tree, std::vector<Package>& packages);

// Whether the version is one that a package has, not a place to get it from: "1.2", not "git+https://..", "*" or "^1.2".
[[nodiscard]] bool is_pinned(std::string_view version);

}  // namespace peekr
