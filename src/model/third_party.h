// SPDX-License-Identifier: Apache-2.0
// Packages of a distribution's format that are not the distribution's: it publishes no advisories about them.
#pragma once

#include <optional>

#include "model/package.h"

namespace peekr {

// By who says to have made it, a deb's Maintainer or an rpm's Vendor: one of the publishers that are known to have repositories of
// their own; for an rpm of a distribution whose own name is known, anybody else, too. Who says nothing is taken for the distribution.
[[nodiscard]] bool is_of_third_party(const Package& package, const std::optional<Distro>& distro);

}  // namespace peekr
