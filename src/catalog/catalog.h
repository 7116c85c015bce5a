// SPDX-License-Identifier: Apache-2.0
// Stage "catalogue": Tree in, Inventory out. The catalogers have run while the layers went by (reader() is what
// read_layers() calls); here their results are joined: which file is visible, who owns it, which layer brought it.
#pragma once

#include "catalog/declared.h"
#include "image/tree.h"

namespace peekr {

// Whose packages are looked for: anybody's, or the operating system's alone, for which no executable is read.
enum class PackageTypes { all, system };

// All catalogers, or those of the system, behind one index of patterns.
[[nodiscard]] const Reader& reader(PackageTypes types = PackageTypes::all);

struct Selection {
  PackageTypes types = PackageTypes::all;  // as the reader's
  Declared declared = Declared::alone;
};

// The inventory of the merged tree: packages by (type, name, version, arch, path), with layer, owned files, licences and
// purl; one Distro; notes of layers and files, sorted. Reads again what only the merged tree shows to be wanted.
[[nodiscard]] Inventory catalog(const Image& image, const Tree& tree, const ReadOptions& read,
                                Selection selection);

}  // namespace peekr
