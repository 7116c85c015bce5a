// SPDX-License-Identifier: Apache-2.0
// The reports of all images of an index: what several formats say of them.
#pragma once

#include <string>

#include "report/reporter.h"

namespace peekr {

// In the table: a section each, and what they come to.
void index_table(const IndexReport& index, Extent extent, const Style& style, std::string& out);

}  // namespace peekr
