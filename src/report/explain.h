// SPDX-License-Identifier: Apache-2.0
// The answer to `peekr scan --explain ID`: what was found, by which rule, and all that anybody says about it.
#pragma once

#include <string>

#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

void write_explanation(const Report& report, const Style& style, std::string& out);

}  // namespace peekr
