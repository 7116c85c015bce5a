// SPDX-License-Identifier: Apache-2.0
// Packages: a Berkeley DB hash file (rpm before 4.16: RHEL and CentOS to 8, old SUSE and Fedora).
#pragma once

#include <string_view>

#include "catalog/rpm_header.h"

namespace peekr {

// Any kind of Berkeley DB file: those that are no hash are a Note.
[[nodiscard]] bool is_bdb(std::string_view bytes);
void read_rpm_bdb(std::string_view bytes, const RpmSink& sink);

}  // namespace peekr
