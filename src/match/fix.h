// SPDX-License-Identifier: Apache-2.0
// Of several records of one vulnerability: in which version none of them finds the package affected any more. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "match/assess.h"

namespace peekr {

// What one record says of a subject.
struct RecordEntries {
  std::vector<Entry> entries;
  const Subject* subject = nullptr;
  const Advisory* record = nullptr;
};

// `fix`, or where a record finds that affected the lowest version above it that some record calls fixed and none finds affected. `fix`,
// too, where there is no such version.
[[nodiscard]] std::string fixed_for_all(const std::string& fix, std::span<const RecordEntries> all);

// When the first of the records that have that version as a fix was published; empty: none says it. A distribution's copy of a CVE has
// the CVE's date, whenever the fix came.
[[nodiscard]] std::string fix_published(const std::string& fix, std::span<const RecordEntries> all);

}  // namespace peekr
