// SPDX-License-Identifier: Apache-2.0
// A .NET program's list of what it was built of, wherever it stands: beside the program, or inside it.
#pragma once

#include "image/reader.h"

namespace peekr {

// `file.bytes` is the document; notes and packages are of `file.path`.
void read_dotnet_deps(const File& file, Inventory& found);

}  // namespace peekr
