// SPDX-License-Identifier: Apache-2.0
// Platform: operating system, processor and its variant, as the OCI image index has them (image-index.md),
// with the equivalences that containerd knows: arm64 is arm64/v8, arm is arm/v7, amd64 is amd64/v1, x86_64 is
// amd64.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

struct Platform {
  std::string os, architecture, variant;  // "linux", "arm", "v7"; normalised: amd64 and arm64 need no variant
  std::string os_version;                 // of Windows images

  [[nodiscard]] bool empty() const { return os.empty() && architecture.empty(); }
  // "linux/arm/v7"; "" for none.
  [[nodiscard]] std::string str() const;
  bool operator==(const Platform&) const = default;
};

// "windows/amd64 10.0.20348.2": str(), and the version of the system.
[[nodiscard]] std::string titled(const Platform& platform);
// "os/arch[/variant]", and behind a space the version of the system; Errc::usage for anything else.
Result<Platform> parse_platform(std::string_view text);
// The machine that peekr runs on.
[[nodiscard]] Platform this_machine();
// The same platform under its usual name.
[[nodiscard]] Platform normalised(Platform platform);
// How well an image for `has` serves where `wanted` is asked for: 0 is exact, more is worse, nothing is not
// at all. An older variant of the same processor runs (arm/v6 where arm/v7 is asked for); a newer one, or
// another processor, does not; nor does another version of the system, where both are said.
[[nodiscard]] std::optional<unsigned> fit(const Platform& wanted, const Platform& has);

}  // namespace peekr
