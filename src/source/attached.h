// SPDX-License-Identifier: Apache-2.0
// What is attached to an image where it is kept, in a registry and in an OCI layout alike. There are four ways to do it:
//
//   a manifest whose `subject` is the image's (image-spec 1.1): a registry lists them (distribution-spec, "Listing Referrers"), or keeps
//     them in an index of the tag sha256-HEX
//   cosign's tags: sha256-HEX.sbom (the document itself) and sha256-HEX.att (DSSE envelopes), a document a layer
//   BuildKit's attestation manifests, beside the image in its index, with annotations that name it
//
// What is attached to an index that the image is in is about the image, too, and comes behind what is attached to itself.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "source/manifest.h"

namespace peekr {

// The tags under which things that are attached to that manifest may stand; the first is one of an index of them.
[[nodiscard]] std::array<std::string, 3> tags_for(const Digest& subject);

// Of each way, the newest first where they say when they were made. Manifests are verified; the documents are when they are read.
Result<std::vector<Attached>> attached_to(const Blobs& blobs, const Digest& image, const Limits& limits);

}  // namespace peekr
