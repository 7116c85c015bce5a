// SPDX-License-Identifier: Apache-2.0
// Records of the database as JSON, whole: what `db search -f json` says. docs/schema/search.schema.json.
#pragma once

#include "model/advisory.h"
#include "model/finding.h"
#include "report/json_writer.h"

namespace peekr {

// The fields of the record that the caller has begun.
void write_advisory(JsonWriter& json, const Advisory& advisory);
void write_affected(JsonWriter& json, const Affected& affected);
void write_judged(JsonWriter& json, const Finding& finding);

}  // namespace peekr
