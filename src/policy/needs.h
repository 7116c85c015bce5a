// SPDX-License-Identifier: Apache-2.0
// Which packages of the system need which, by what they declare: the name of a package, of what one provides, or the path of a file
// ("/usr/bin/gpg2", of rpm). Versions are not looked at: who has the name is needed. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/package.h"

namespace peekr {

// Packages by what they are needed as.
using PackageIndex = std::map<std::string, std::vector<std::size_t>, std::less<>>;

// By what the packages of that type answer to.
[[nodiscard]] PackageIndex by_answer(const std::vector<Package>& packages, std::string_view type);
// By what these need, those of them that do.
[[nodiscard]] PackageIndex by_need(const std::vector<Package>& packages, const std::vector<std::size_t>& of);
// All that a package answers to. Of a file only the name counts, wherever it lies: folders may be links.
[[nodiscard]] std::vector<std::string> answers_of(const Package& package);

// These, and all that they need, and what that needs. Of several that answer to a name:
enum class OfSeveral {
  all,   // each is needed
  none,  // none is: which one it is nobody has said
};
[[nodiscard]] std::set<std::size_t> with_needs(const std::vector<Package>& packages, PackageIndex answers,
                                               std::vector<std::size_t> of, OfSeveral which);

}  // namespace peekr
