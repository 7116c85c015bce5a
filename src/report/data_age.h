// SPDX-License-Identifier: Apache-2.0
// What people are told where the database is old.
#pragma once

#include <string>

#include "model/report.h"

namespace peekr {

// How old it was on the day of the scan, and what makes a new one; empty: it was not old, or that is not known. Printable.
[[nodiscard]] std::string old_data_text(const Report& report);

}  // namespace peekr
