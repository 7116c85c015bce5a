// SPDX-License-Identifier: Apache-2.0
// What Semantic Versioning and the orders made after it share (semver.org, 2.0.0): numbers between dots, a pre-release
// behind "-", build metadata behind "+". Read leniently, as registries have them: "v1.2", "1.0.0beta", leading zeros.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace peekr::semver {

struct Version {
  std::string_view numbers;  // "1.2.3"
  std::string_view pre;      // "rc.1"; empty: a release
  std::string_view build;    // behind the "+"
};

// Nothing where the text does not begin with a number (behind "v" or "=").
[[nodiscard]] std::optional<Version> parse(std::string_view text);
// Number by number; a missing one is 0.
[[nodiscard]] std::strong_ordering compare_dotted(std::string_view a, std::string_view b);
// Two pre-releases (none is after all), identifier by identifier: numbers by value and before words.
[[nodiscard]] std::strong_ordering compare_pre(std::string_view a, std::string_view b);
// Numbers, then pre-releases.
[[nodiscard]] std::strong_ordering compare(const Version& a, const Version& b);
// The same of two texts; nothing where one does not parse.
[[nodiscard]] std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b);

}  // namespace peekr::semver
