// SPDX-License-Identifier: Apache-2.0
// One package that npm installed: catalog/npm.cc has the format.
#pragma once

#include <string_view>

#include "image/reader.h"
#include "model/package.h"

namespace peekr {

// Whether the path of a package.json is that of a package in node_modules, and not of something inside of one.
[[nodiscard]] bool is_npm_package(std::string_view path);
// Adds what such a package.json says.
void read_npm_package(const File& file, Inventory& found);

}  // namespace peekr
