// SPDX-License-Identifier: Apache-2.0
// Ubuntu's releases and channels, as its documents name them and as OSV's ecosystems do.
#pragma once

#include <string>
#include <string_view>

namespace peekr::ubuntu {

// "jammy" -> "Ubuntu:22.04:LTS", "esm-infra/focal" -> "Ubuntu:Pro:20.04:LTS", "fips-updates/jammy" ->
// "Ubuntu:Pro:FIPS-updates:22.04:LTS"; empty: not known.
[[nodiscard]] std::string ecosystem(std::string_view distro);

}  // namespace peekr::ubuntu
