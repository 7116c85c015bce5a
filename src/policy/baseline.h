// SPDX-License-Identifier: Apache-2.0
// What is the same finding in two reports: the same vulnerability, by any of its names, of the same package, in whatever version.
#pragma once

#include <string>
#include <string_view>

#include "policy/policy.h"

namespace peekr {

[[nodiscard]] std::string baseline_key(std::string_view type, std::string_view package, std::string_view id);
// "peekr.json: is a report on node, not on min: ..."; empty: it is of this image, whatever its tag or digest and where it lies, as far
// as that is known.
[[nodiscard]] std::string remark_on(const Baseline& baseline, const ImageInfo& image);
[[nodiscard]] bool is_known(const Baseline& baseline, const Finding& finding, const Package& package);

}  // namespace peekr
