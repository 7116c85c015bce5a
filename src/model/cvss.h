// SPDX-License-Identifier: Apache-2.0
// CVSS base scores from vectors: v2.0, v3.0, v3.1 and v4.0 (first.org/cvss). Threat, environmental and
// supplemental metrics may stand in the vector and are left out of the score.
#pragma once

#include <optional>
#include <string_view>

#include "model/advisory.h"

namespace peekr {

// The base score, 0.0 to 10.0. Nothing when the text is no vector of these versions or a base metric is
// missing, given twice or has a value unknown to its version. A v2 vector has no "CVSS:" prefix and may stand
// in parentheses.
[[nodiscard]] std::optional<double> cvss_base(std::string_view vector);

// The rating of a score on the scale of the vector's version: v2 has neither "none" nor "critical". A score
// of 0 under v3 and v4 is "none" there, negligible here.
[[nodiscard]] Severity severity_of_score(double score, std::string_view vector);

}  // namespace peekr
