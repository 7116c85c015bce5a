// SPDX-License-Identifier: Apache-2.0
// The reports of all images of an index: what several formats say of them.
#pragma once

#include <string>

#include "report/reporter.h"

namespace peekr {

// "linux/arm/v7", "windows/amd64 10.0.17763.1": the platform, and what tells it from others of the same one.
[[nodiscard]] std::string titled(const PlatformReport& one);

// In the table: a section each, and what they come to.
void index_table(const IndexReport& index, Extent extent, const Style& style, std::string& out);

}  // namespace peekr
