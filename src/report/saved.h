// SPDX-License-Identifier: Apache-2.0
// Reports and inventories that -f json wrote, read back: docs/schema/report.schema.json, inventory.schema.json,
// platforms.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

inline constexpr std::uint64_t kReportSchema = 1;

// What a report would say something else without. All other texts, flags, lists, counts and what may be null are what they are by
// nature where a field is missing, as in reports of an older peekr: empty, no, none, 0. Words and scores are never missing.
inline constexpr std::string_view kNeededFields =
    " actions advisory completeness count created database distro executables exit_code findings "
    "findings_after findings_before fixed_in id identified image index judged layer_index malware "
    "name notes owned package packages past path peekr platforms proofs removes risk steps summary "
    "suppressed type verdict version what why ";

struct Saved {
  Report report;
  Extent extent{};                   // packages: it is an inventory
  std::optional<IndexReport> index;  // it is of several platforms; there is no `report` then
};

// All that any output format shows of it. Strict: the error names the field that is missing or wrong (Errc::damaged), or the
// schema's version (Errc::unsupported).
[[nodiscard]] Result<Saved> read_saved(std::string_view json);

}  // namespace peekr
