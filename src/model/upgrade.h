// SPDX-License-Identifier: Apache-2.0
// The commands that upgrade and remove packages of an image's own package manager. Names and versions come from an untrusted image and
// end in somebody's shell: only those that no shell reads anything into may stand in a command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/package.h"

namespace peekr {

// "apt-get update && apt-get install -y --only-upgrade", names to follow; empty: the tool is not in the image (in a root
// file system inside it does not count).
[[nodiscard]] std::string upgrade_command(std::string_view type, const std::vector<Package>& packages);
// "apt-get purge -y", names to follow; empty: the tool is not in the image.
[[nodiscard]] std::string removal_command(std::string_view type, const std::vector<Package>& packages);
// Whether packages of that type are upgraded by a package manager of a system.
[[nodiscard]] bool has_upgrade_command(std::string_view type);
// A letter or digit, then those and ".+_-": what all package formats of systems allow, and what no shell expands.
[[nodiscard]] bool is_plain(std::string_view name);

}  // namespace peekr
