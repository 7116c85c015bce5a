// SPDX-License-Identifier: Apache-2.0
// What was found, as bytes for the Cache, and back. Not a format for others: another build may write another one.
#pragma once

#include <optional>
#include <string>

#include "image/layer.h"

namespace peekr {

[[nodiscard]] std::string pack(const Listing& listing);
[[nodiscard]] std::string pack(const Inventory& inventory);

// Nothing for bytes that pack() has not made. Found::layer is left to the caller.
[[nodiscard]] std::optional<Listing> unpack_listing(std::string_view bytes);
[[nodiscard]] std::optional<Inventory> unpack_inventory(std::string_view bytes);

}  // namespace peekr
