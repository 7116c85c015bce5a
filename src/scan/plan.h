// SPDX-License-Identifier: Apache-2.0
// Stage "plan": what to do, proven: the image as it would be then is judged again by the same database.
#pragma once

#include "db/db.h"
#include "image/cache.h"
#include "model/plan.h"
#include "model/report.h"

namespace peekr {

// The report is of assess(). `cache`: which images were fetched before, one of which may be the base image of a later day; null: none, and no action is
// of the base image.
Result<Remediation> plan_for(const Report& report, const Db& db, Cache* cache);

}  // namespace peekr
