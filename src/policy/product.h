// SPDX-License-Identifier: Apache-2.0
// Whether a package URL that somebody wrote means a package of the image. What it does not say (version, architecture, a
// distribution) is anything.
#pragma once

#include <optional>

#include "model/package.h"
#include "model/purl.h"

namespace peekr {

[[nodiscard]] bool is_meant(const NamedPackage& wanted, const Package& package,
                            const std::optional<Distro>& distro);
// The same, whatever the version.
[[nodiscard]] bool is_named(const NamedPackage& wanted, const Package& package,
                            const std::optional<Distro>& distro);

// By its name or its source's, whatever its version, architecture, distribution and what it is built of.
[[nodiscard]] bool has_name(const NamedPackage& wanted, const Package& package);

}  // namespace peekr
