// SPDX-License-Identifier: Apache-2.0
// What of the database rates vulnerabilities whatever they are of: NVD, and the records of the CVE program.
#pragma once

#include "model/report.h"

namespace peekr {

// All of NVD, or a year of it. Its source "nvd/overrides" is what others have corrected of some of its records.
[[nodiscard]] bool is_nvd(const DbSource& source);
[[nodiscard]] bool has_nvd(const DbInfo& db);
// Whether it has scores of CVEs, whatever they are of.
[[nodiscard]] bool has_scores(const DbInfo& db);

}  // namespace peekr
