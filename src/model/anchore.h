// SPDX-License-Identifier: Apache-2.0
// What Syft and Grype (github.com/anchore) call things: for their JSON, and for rules of Grype's that name them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "model/finding.h"
#include "model/package.h"

namespace peekr::anchore {

// What Syft calls a package of that package URL type, and its language. The type itself, and none, where Syft has no word.
struct Kind {
  std::string_view type, syft, language;
};
[[nodiscard]] Kind kind_of(const Package& package);
// Where Grype would have found it: "debian:distro:debian:12", "github:language:python", "nvd:cpe".
[[nodiscard]] std::string name_space(const Proof& proof, const Package& package,
                                     const std::optional<Distro>& distro);
// What Grype would call it: GitHub's namespaces have its own ids alone.
[[nodiscard]] std::string shown_id(const Finding& finding, const Package& package,
                                   const std::optional<Distro>& distro);
// One of these: the indirect one is by a source package of another name.
inline constexpr std::array<std::string_view, 3> kMatchTypes = {"exact-direct-match", "exact-indirect-match",
                                                                "cpe-match"};
[[nodiscard]] std::string_view match_type(const Proof& proof, const Package& package);

}  // namespace peekr::anchore
