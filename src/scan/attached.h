// SPDX-License-Identifier: Apache-2.0
// What publishers say of an image beside it (source/attached.h), where the user wants to hear it: an SBOM instead of the layers, VEX
// documents. All of it are claims: signatures are not checked.
#pragma once

#include "scan/scan.h"

namespace peekr {

// Makes the newest attached SBOM that can be read the image's document, in place of its layers, and takes the VEX documents, each as
// the request says. Errc::not_found: there is no SBOM, and what is attached instead; unsupported: nothing can be attached there.
Status take_attached(Image& image, const Request& request);

}  // namespace peekr
