// SPDX-License-Identifier: Apache-2.0
// What a report that was read back must hold to as a whole: whatever is an index leads somewhere. saved.cc looks at one record at a
// time. Errc::damaged: the error names the place in the document.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/report.h"

namespace peekr {

// `list`: where they stand in the document.
[[nodiscard]] Status check_findings(const std::vector<Finding>& all, const std::string& list,
                                    const Report& report);
// All but those.
[[nodiscard]] Status check_indices(const Report& report);

}  // namespace peekr
