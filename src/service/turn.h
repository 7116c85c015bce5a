// SPDX-License-Identifier: Apache-2.0
// Turn: one process writes a database. Who comes second waits until that has done.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.h"
#include "db/db.h"

namespace peekr {

struct Turn {
  std::chrono::seconds most{0};                            // that is waited
  std::function<void(const std::string& line)> tell = {};  // once, where it waits
};

// What `open` gives when no other process writes any more. Errc::busy: it still does.
Result<DbWriter> in_turn(const Turn& turn, const std::function<Result<DbWriter>()>& open);

}  // namespace peekr
