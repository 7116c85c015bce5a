// SPDX-License-Identifier: Apache-2.0
// Stage "catalogue" for what is no image: an SBOM or a package URL says what is in it.
#pragma once

#include "catalog/catalog.h"
#include "image/image.h"

namespace peekr {

// Of Image::document. The distribution is what most package URLs say it is, else what versions tell for certain ("deb12u2"); where
// that is nothing, a note says so. Errc::usage: the package URL is none; damaged: nothing of the SBOM could be read.
[[nodiscard]] Result<Inventory> catalog_document(const Image& image, PackageTypes types);

}  // namespace peekr
