// SPDX-License-Identifier: Apache-2.0
// Digest: "algorithm:hex" as in the OCI image specification (descriptor.md#digests). Only sha256 and sha512 are known.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

struct Digest {
  std::string algorithm, hex;  // both empty: no digest

  [[nodiscard]] bool empty() const { return hex.empty(); }
  [[nodiscard]] std::string str() const { return empty() ? "" : algorithm + ":" + hex; }
  auto operator<=>(const Digest&) const = default;

  // Errc::damaged for anything but a known algorithm with its number of lower-case hex digits.
  static Result<Digest> parse(std::string_view text);
};

}  // namespace peekr
