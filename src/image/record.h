// SPDX-License-Identifier: Apache-2.0
// What was found, as bytes for the Cache, and back. Not a format for others: another build may write another one.
#pragma once

#include <optional>
#include <string>

#include "image/cache.h"
#include "image/layer.h"

namespace peekr {

[[nodiscard]] std::string pack(const Listing& listing);
[[nodiscard]] std::string pack(const Inventory& inventory);

// Nothing for bytes that pack() has not made. Found::layer is left to the caller.
[[nodiscard]] std::optional<Listing> unpack_listing(std::string_view bytes);
[[nodiscard]] std::optional<Inventory> unpack_inventory(std::string_view bytes);

// What the cache has of it. Nothing, and nothing is left there, where it cannot be unpacked.
[[nodiscard]] std::optional<Listing> load_listing(const std::string& key, Cache& cache);
[[nodiscard]] std::optional<Inventory> load_inventory(const std::string& key, Cache& cache);

}  // namespace peekr
