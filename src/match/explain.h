// SPDX-License-Identifier: Apache-2.0
// All that the database says about one vulnerability and the packages of an inventory, also what does not count.
#pragma once

#include <string_view>

#include "db/db.h"
#include "model/report.h"

namespace peekr {

// Sets what the report says about that vulnerability, by whatever of its names, and its packages.
Status explain(std::string_view id, const Db& db, Report& report);

}  // namespace peekr
