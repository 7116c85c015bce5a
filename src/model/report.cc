// SPDX-License-Identifier: Apache-2.0
#include "model/report.h"

#include <algorithm>

#include "base/text.h"

namespace peekr {

std::uint64_t stored_bytes(const ImageInfo& image) {
  std::uint64_t bytes = 0;
  for (const LayerInfo& layer : image.layers) bytes += std::min(layer.size, ~bytes);
  return bytes;
}

std::size_t parts_in(const ImageInfo& image) {
  return static_cast<std::size_t>(std::ranges::count(image.layers, true, &LayerInfo::partial));
}

std::string titled(const PlatformReport& one) {
  const std::string platform = one.platform.empty() ? "no platform" : printable(one.platform);
  return one.os_version.empty() ? platform : platform + " " + printable(one.os_version);
}

}  // namespace peekr
