// SPDX-License-Identifier: Apache-2.0
// Channels: who decides about one package, of those who judge its type (scope.h). docs/matching.md has the rules. Pure.
#pragma once

#include <string>
#include <vector>

#include "match/scope.h"

namespace peekr {

// Who decides about one package; and who is heard of what those say nothing about.
struct Channels {
  std::vector<std::string> first, then;
  std::string doubt;                    // why they may not be the right ones; empty: they are
  std::vector<std::string> fixes = {};  // say what is fixed elsewhere, and find nothing by themselves
};
// Whether Root has patched and built it anew (docs.root.io): ".root.io" in the version of a deb, "-r10071" of an apk.
[[nodiscard]] bool is_rebuilt(const Package& package);
[[nodiscard]] Channels channels(const Scope& scope, const Package& package);
// What one must have for a fix in that ecosystem: "Ubuntu Pro"; empty: nothing, or the image is of it.
[[nodiscard]] std::string needed_for(const Ecosystem& row, std::string_view ecosystem);

}  // namespace peekr
