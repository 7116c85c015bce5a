// SPDX-License-Identifier: Apache-2.0
// Packages.db: rpm's own database format (SUSE).
#pragma once

#include <string_view>

#include "catalog/rpm_header.h"

namespace peekr {

[[nodiscard]] bool is_rpm_ndb(std::string_view bytes);
void read_rpm_ndb(std::string_view bytes, const RpmSink& sink);

}  // namespace peekr
