// SPDX-License-Identifier: Apache-2.0
// verify: walks all tables of a database, decodes every record, and compares what leads to the advisories with what should.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekr {

struct Verified {
  std::uint64_t records = 0, rows = 0, risks = 0, past = 0;  // that were decoded
  std::uint64_t faults = 0;
  std::vector<std::string> first;  // the first of them: "what: why"
};

// An error where there is no database, or it cannot be opened, or is so damaged that reading it would end the program.
Result<Verified> verify(const std::string& directory);

}  // namespace peekr
