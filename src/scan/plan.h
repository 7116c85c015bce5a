// SPDX-License-Identifier: Apache-2.0
// Stage "plan": what to do, proven: the image as it would be then is judged again by the same database.
#pragma once

#include "db/db.h"
#include "model/plan.h"
#include "model/report.h"

namespace peekr {

// The report is of assess().
Result<Remediation> plan_for(const Report& report, const Db& db);

}  // namespace peekr
