// SPDX-License-Identifier: Apache-2.0
// What `scan -f json` and `db status -f json` both say about the advisory database.
#pragma once

#include "model/report.h"
#include "report/json_writer.h"

namespace peekr {

void write_database(JsonWriter& json, const DbInfo& db);

}  // namespace peekr
