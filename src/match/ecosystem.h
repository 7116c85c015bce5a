// SPDX-License-Identifier: Apache-2.0
// Ecosystem: one row of ecosystems.def: which advisories judge the packages of which distribution, and how.
// All pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/package.h"

namespace peekr {

struct Ecosystem {
  // What kind of package the advisories name. _or_said: unless they say which (Affected::key).
  // software: what NVD calls it ("vendor:product" of Package::cpes), and its own name.
  enum class Key { source, binary, both, source_or_said, binary_or_said, software };
  enum class Peculiar {
    nothing,
    enterprise_linux,  // module streams, and several fixed builds (el8.3, el8.4) of one package in one
                       // advisory
    redhat,            // that, and repositories by content sets
    debian,            // backports
    ubuntu,            // Ubuntu Pro
    alpine,            // repositories with tags
    suse,              // long-term support
  };
  std::string_view name, type, distros, strings, rolling;
  Key key{};
  std::string_view scheme;
  Peculiar peculiar{};
  std::string_view home, other;
};

// Whether the publisher speaks of packages of its own.
[[nodiscard]] bool at_home(const Ecosystem& row, std::string_view publisher);
[[nodiscard]] std::span<const Ecosystem> all_ecosystems();  // by name
// The row for packages of that type on that distribution, by its ID alone (empty: none is known); null: no feed is known
// that judges them.
[[nodiscard]] const Ecosystem* find_ecosystem(std::string_view type, const Distro& distro);

// The ecosystem strings of a distribution: exact, or with one "*".
struct Wanted {
  std::vector<std::string> patterns;
  bool rolling = false;  // it says no release number: the patterns are those of the rolling release
};
[[nodiscard]] Wanted wanted(const Ecosystem& row, const Distro& distro);
// The row's other strings, which count for some packages only.
[[nodiscard]] std::vector<std::string> wanted_by_some(const Ecosystem& row, const Distro& distro);
[[nodiscard]] bool is_enterprise(const Ecosystem& row);
[[nodiscard]] bool fits(std::string_view pattern, std::string_view ecosystem);
// Of ecosystem strings.
[[nodiscard]] bool is_among(std::string_view ecosystem, const std::vector<std::string>& all);
[[nodiscard]] std::vector<std::string> with_part(const std::vector<std::string>& all, std::string_view part);
[[nodiscard]] std::vector<std::string> without_part(const std::vector<std::string>& all,
                                                    std::string_view part);

}  // namespace peekr
