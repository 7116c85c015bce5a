// SPDX-License-Identifier: Apache-2.0
// Entries of advisories that list a package once for each architecture.
#pragma once

#include <vector>

#include "model/advisory.h"

namespace peekr {

// Sorts; entries that differ in nothing but their architectures become one. An entry without any is of all of them.
void merge_architectures(std::vector<Affected>& all);

}  // namespace peekr
