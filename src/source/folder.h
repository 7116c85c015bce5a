// SPDX-License-Identifier: Apache-2.0
// A folder on disk as an Image: what the sources rootfs and dir share. The layer reader walks it; here it is only named.
#pragma once

#include <string>

#include "source/source.h"

namespace peekr {

[[nodiscard]] bool is_folder(const std::string& path);
// An image that lies packed in a folder has its packages in its layers, where nobody looks who reads it as a folder of files: an error
// that says how it is scanned.
Status check_is_no_image(const std::string& path);
// An image of one layer that nobody made. A folder has no tags, digests or platforms: Errc::usage.
Result<Image> open_folder(const ImageRef& ref, const std::string& kind);

}  // namespace peekr
