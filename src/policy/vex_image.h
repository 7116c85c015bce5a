// SPDX-License-Identifier: Apache-2.0
// The many names of an image in VEX documents, and whether one of them is that of the image that was scanned.
#pragma once

#include <string>
#include <string_view>

#include "model/purl.h"
#include "model/report.h"

namespace peekr {

// An image that somebody named: "repo@sha256:...", "sha256:...", pkg:oci/NAME@sha256:...?repository_url=REPO&tag=TAG&arch=ARCH.
struct NamedImage {
  std::string repository, tag, digest, arch;  // each may be empty
  bool whole = false;                         // the repository, not only the last parts of its name
};

// "docker.io/library/debian:12@sha256:.." in its parts, in small letters but for the tag, without what every name may leave out.
[[nodiscard]] NamedImage image_called(std::string_view text);
// pkg:oci and pkg:docker: the version is a digest, or a tag.
[[nodiscard]] NamedImage image_of(const NamedPackage& named);
// A digest of the image's own says all; else the architecture must be its, too.
[[nodiscard]] bool is_image(const NamedImage& wanted, const ImageInfo& image);

}  // namespace peekr
