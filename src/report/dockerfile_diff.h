// SPDX-License-Identifier: Apache-2.0
// Changes of a Dockerfile as patch(1) and git read them: a unified diff.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/dockerfile.h"

namespace peekr {

// These lines in the place of so many.
struct Edit {
  std::size_t at = 0, removes = 0;
  std::vector<std::string> lines;
};
// In their order; of the file of that name. Empty: there are none.
[[nodiscard]] std::string unified_diff(const Dockerfile& file, const std::string& name,
                                       const std::vector<Edit>& edits);

}  // namespace peekr
