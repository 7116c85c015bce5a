// SPDX-License-Identifier: Apache-2.0
// The answer to `peekr explain TARGET ID` and `peekr scan --explain ID`: what was found or why nothing was, by which rule, and all that
// anybody says about it.
#pragma once

#include <string>

#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

void write_explanation(const Report& report, const Style& style, std::string& out);
// docs/schema/explain.schema.json
[[nodiscard]] std::string explanation_json(const Report& report);

}  // namespace peekr
