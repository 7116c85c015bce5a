// SPDX-License-Identifier: Apache-2.0
// What others call distributions and their releases: the code names of Debian's and Ubuntu's, and what stands for os-release's ID.
#pragma once

#include <string>
#include <string_view>

#include "model/package.h"

namespace peekr {

// "12" of debian and "bookworm", "22.04" of ubuntu and "jammy", as VERSION_ID and OSV write it. Empty: none that is known, and what
// has no number ("sid") or is another one as time goes by ("stable").
[[nodiscard]] std::string_view release_of_codename(std::string_view id, std::string_view codename);

// os-release's ID of what package URLs, Trivy and others call a distribution: "rhel" of "redhat". The word itself where it is none of those.
[[nodiscard]] std::string_view os_release_id(std::string_view name);

// What tells a release from all others of its distribution: VERSION_ID. openEuler's is the same for all service packs, "22.03": what
// tells them apart stands only in the name: "22.03-LTS-SP2" of "openEuler 22.03 (LTS-SP2)", "22.03-LTS" of "openEuler 22.03 LTS".
[[nodiscard]] std::string full_release(const Distro& distro);
// Whether `said` may be the release `own`: of openEuler, what leaves the service pack open may be any.
[[nodiscard]] bool is_same_release(const Distro& own, const Distro& said);
// openEuler of such a release: "22.03-LTS-SP2"; "22.03", which leaves open which one.
[[nodiscard]] Distro open_euler(std::string_view release);
// The release that a build of openEuler names: "22.03-LTS-SP2" of "1.2-3.oe2203sp2". Empty: it names none for certain (".oe1").
[[nodiscard]] std::string open_euler_of_build(std::string_view version);

}  // namespace peekr
