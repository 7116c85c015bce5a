// SPDX-License-Identifier: Apache-2.0
// Ranges of versions as CycloneDX writes them: "vers:npm/1.2.3|>=2.0.0|<5.0.0" (VERS, github.com/package-url/vers-spec). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "version/scheme.h"

namespace peekr {

struct VersRange {
  enum class Comparator : std::uint8_t { equal, unequal, less, less_or_equal, greater, greater_or_equal };
  struct Constraint {
    Comparator comparator{};
    std::string version;
  };
  const Scheme* scheme = nullptr;
  bool star = false;                         // without constraints: any version, or none
  std::vector<Constraint> constraints = {};  // lowest version first
};

// `type`: that of the packages whose versions they are, which has to have the order of the range. Of "semver" and "generic" it is the
// package's own that counts. Errc::damaged: it breaks the rules; unsupported: versions of that kind have no order here.
[[nodiscard]] Result<VersRange> read_vers(std::string_view text, std::string_view type);

struct MeantVersion {
  std::string text;
  bool knows_epoch = true;  // false: that of a source rpm, which has none in its name
};

// Nothing: the version cannot be ordered. The epoch of an rpm version does not count against a bound that has none, nor that of the
// bounds, where it is one, against a version whose own is not known.
[[nodiscard]] std::optional<bool> contains(const VersRange& range, const MeantVersion& version);

}  // namespace peekr
