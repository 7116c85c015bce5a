// SPDX-License-Identifier: Apache-2.0
// CVSS scores from vectors: v2.0, v3.0, v3.1 and v4.0 (first.org/cvss). Of v2 and v3 the base score: temporal and
// environmental metrics may stand in the vector and are left out. Of v4.0, which has one score, that of all
// metrics that stand there; supplemental ones count nowhere.
#pragma once

#include <optional>
#include <string_view>

#include "model/advisory.h"

namespace peekr {

// The score, 0.0 to 10.0. Nothing when the text is no vector of these versions or a metric that counts is
// missing, given twice or has a value unknown to its version. A v2 vector has no "CVSS:" prefix and may stand
// in parentheses.
[[nodiscard]] std::optional<double> cvss_score(std::string_view vector);

// The rating of a score on the scale of the vector's version: v2 has neither "none" nor "critical". A score
// of 0 under v3 and v4 is "none" there, negligible here.
[[nodiscard]] Severity severity_of_score(double score, std::string_view vector);

}  // namespace peekr
