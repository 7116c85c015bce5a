// SPDX-License-Identifier: Apache-2.0
#include "model/ratings.h"

#include <algorithm>

namespace peekr {

bool is_nvd(const DbSource& source) { return source.feed == "nvd" && source.name != "nvd/overrides"; }

bool has_nvd(const DbInfo& db) { return std::ranges::any_of(db.sources, is_nvd); }

bool has_scores(const DbInfo& db) {
  return std::ranges::any_of(db.sources,
                             [](const DbSource& one) { return one.feed == "cve5" || is_nvd(one); });
}

}  // namespace peekr
