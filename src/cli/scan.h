// SPDX-License-Identifier: Apache-2.0
// What peekr scan and peekr plan share.
#pragma once

#include <memory>

#include "cli/access.h"
#include "cli/options.h"
#include "db/db.h"
#include "model/report.h"

namespace peekr {

struct Scanned {
  Report report;
  Db db;                             // that it was judged by
  std::unique_ptr<Session> session;  // with the cache
};
// The image read, what judges it fetched where it is not at hand, and judged.
Result<Scanned> scanned(const Options& options);

}  // namespace peekr
