// SPDX-License-Identifier: Apache-2.0
// What publishers say of an image beside it (source/attached.h), where the user wants to hear it: an SBOM instead of the layers, VEX
// documents. All of it are claims: signatures are not checked.
#pragma once

#include "scan/scan.h"

namespace peekr {

// Takes the VEX documents, and puts the newest attached SBOM that can be read in the place of the image's layers, each as the request
// says; returns what that SBOM claims. Errc::not_found: there is no SBOM, and what is attached instead; unsupported: nothing can be
// attached there; limit: the documents have more than Limits::file_bytes together.
Result<std::optional<Inventory>> take_attached(Image& image, const Request& request);

}  // namespace peekr
