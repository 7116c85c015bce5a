// SPDX-License-Identifier: Apache-2.0
// When a release of a distribution stops getting fixes.
#pragma once

#include <optional>
#include <string_view>

#include "model/package.h"
#include "model/report.h"

namespace peekr {

// Of that release, seen from `today` ("2026-08-22"). Nothing: rolling, unknown, or without a known end. Past
// is what gets no more fixes that are free for all: on the day after `date`, and for Debian and Devuan after
// `extended`, which is their LTS. Elsewhere `extended` is for paying customers (Ubuntu Pro, RHEL ELS, SUSE
// LTSS): told, but it does not count.
[[nodiscard]] std::optional<EndOfLife> end_of_life(const Distro& distro, std::string_view today);

// Whether it has no releases that could end: Arch, Wolfi, Alpine edge, Debian unstable and testing.
[[nodiscard]] bool is_rolling(const Distro& distro);
// Whether it says which release it is: by its number, or by having none to say. A code name of which no number
// is known ("stable") would be judged as if it had none.
[[nodiscard]] bool says_release(const Distro& distro);

}  // namespace peekr
