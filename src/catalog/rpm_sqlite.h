// SPDX-License-Identifier: Apache-2.0
// rpmdb.sqlite: the database of rpm 4.16 and later (Fedora 33, RHEL 9, Amazon Linux 2023).
#pragma once

#include <string_view>

#include "catalog/rpm_header.h"

namespace peekr {

// wal: the bytes of the write-ahead log beside it; empty without one.
void read_rpm_sqlite(std::string_view bytes, std::string_view wal, const RpmSink& sink);

}  // namespace peekr
