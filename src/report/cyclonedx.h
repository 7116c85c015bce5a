// SPDX-License-Identifier: Apache-2.0
// The versions of CycloneDX (cyclonedx.org/specification/overview) that cyclonedx_json.cc and cyclonedx_xml.cc write.
#pragma once

#include <array>
#include <string_view>

namespace peekr {

inline constexpr std::array<std::string_view, 4> kCycloneDxVersions = {"1.6", "1.4", "1.5", "1.7"};
[[nodiscard]] inline std::string_view cyclonedx_version(std::string_view asked) {
  return asked.empty() ? kCycloneDxVersions.front() : asked;
}

}  // namespace peekr
