// SPDX-License-Identifier: Apache-2.0
// What appeared, changed and vanished between two databases, or between two states of one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "db/db.h"

namespace peekr {

enum class Fate { appeared, changed, vanished };
[[nodiscard]] std::string_view name(Fate fate);  // "appeared"

struct Difference {
  std::string source, id;
  Fate fate{};
  std::vector<std::string> fields;    // changed: what of it: "severity", "packages"
  std::vector<std::string> packages;  // that it speaks of, as it is now (vanished: was): "npm lodash"
};

struct Differences {
  std::vector<Difference> records;  // by source, id
  // What is known to be exploited (KEV) since, or is no longer said to be; by source, CVE.
  std::vector<Difference> exploited;
  std::map<std::string, std::map<Fate, std::uint64_t>> risks;  // how many, by source
};

// Of two states of one file it costs what has changed; of two files, all of both.
Result<Differences> difference(const Db& before, const Db& after);

}  // namespace peekr
