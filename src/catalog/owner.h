// SPDX-License-Identifier: Apache-2.0
// Who brought a package's evidence: a language package whose files a system package installed is that system package's.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "image/tree.h"

namespace peekr {

// Who lists one file of the final tree: system packages, by their indices.
struct Listed {
  std::optional<std::size_t> owner;    // with these bytes, or without a checksum
  std::optional<std::size_t> altered;  // with other bytes: somebody has replaced the file since
  const FileDigests* digests = nullptr;
  bool unhashed = false;  // the owner's checksum is of a kind that `digests` does not have
  std::string_view
      same_as;  // a name of the same file (a hard link) that stands for this one; empty: none does
};
using Owners = std::unordered_map<std::string_view, Listed>;  // by path; views into the tree and the packages
// Of files that were hashed in the second reading.
using Digests = std::map<Path, FileDigests>;

// For each file that a package was read from, and for each executable: who lists it. A list may name it through a link
// (usr-merged systems: "lib/x" is usr/lib/x): links of the tree are followed. Sets `owner` and `altered` of the packages that
// are not the system's, and `remnant` of those that are. May be called again when more
// digests are known.
Owners find_owners(const Tree& tree, const Digests& again, std::vector<Package>& packages);

// Somebody wrote an altered file anew, whatever version it still names: its packages came with the lowest layer of the unbroken run of
// copies, downwards from the visible one, that are known to have its bytes.
void set_layers_of_altered(const Tree& tree, std::vector<Package>& packages);

// Images leave these out to be small (dpkg's path-exclude, rpm's nodocs): their absence says nothing, and so does their presence.
[[nodiscard]] bool is_documentation(std::string_view file);

// Whether any file that a system package lists is in the final tree below that folder, documentation aside.
[[nodiscard]] bool any_file_left(const Tree& tree, const Package& package, std::string_view root);

// Takes out what was seen in the bytes of a file that a system package installed, or is declared there: that package answers for it, unless it
// is a third party's, of which the distribution publishes nothing; and what is part of an installation that says the same of itself:
// bin/java of a Java runtime with a release file, or what bears the name of a package of Bitnami's in the folder of one. To be called
// when owners are known; keeps them right.
void drop_owned_by_content(const std::optional<Distro>& distro, std::vector<Package>& packages);

}  // namespace peekr
