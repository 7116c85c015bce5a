// SPDX-License-Identifier: Apache-2.0
// The metadata of a Python package: catalog/python.cc has the format.
#pragma once

#include <cstdint>
#include <string_view>

#include "catalog/stanza.h"

namespace peekr {

inline constexpr std::uint64_t kMostPythonMetadata = 8 << 20;  // bytes of METADATA or PKG-INFO

// Adds what the headers tell; the bytes may be of a member of that file.
void read_python_metadata(const File& file, std::string_view bytes, Inventory& found, FileNotes& notes);

}  // namespace peekr
