// SPDX-License-Identifier: Apache-2.0
// Maven groups of well-known artifacts whose archives do not name them: they are not built by Maven.
#pragma once

#include <string_view>

namespace peekr {

struct KnownGroup {
  std::string_view artifact, group;  // "spring-security-*": all that begin so; the first row holds
  std::string_view other = {};       // another group of the same artifact, where the manifest says that one
};

[[nodiscard]] const KnownGroup* find_known_group(std::string_view artifact);  // null: it is not known

}  // namespace peekr
