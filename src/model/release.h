// SPDX-License-Identifier: Apache-2.0
// What others call distributions and their releases: the code names of Debian's and Ubuntu's, and what stands for os-release's ID.
#pragma once

#include <string_view>

namespace peekr {

// "12" of debian and "bookworm", "22.04" of ubuntu and "jammy", as VERSION_ID and OSV write it. Empty: none that is known, and what
// has no number ("sid") or is another one as time goes by ("stable").
[[nodiscard]] std::string_view release_of_codename(std::string_view id, std::string_view codename);

// os-release's ID of what package URLs, Trivy and others call a distribution: "rhel" of "redhat". The word itself where it is none of those.
[[nodiscard]] std::string_view os_release_id(std::string_view name);

}  // namespace peekr
