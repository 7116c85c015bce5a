// SPDX-License-Identifier: Apache-2.0
// Bitnami: Semantic Versioning; a "-7" is the revision of the package, which is left out: advisories speak of the
// software inside.
#include <algorithm>

#include "base/text.h"
#include "version/scheme.h"
#include "version/semver.h"

namespace peekr {
namespace {

bool is_revision(std::string_view pre) { return !pre.empty() && std::ranges::all_of(pre, is_digit); }

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const auto left = semver::parse(a), right = semver::parse(b);
  if (!left || !right) return std::nullopt;
  const auto order = semver::compare_dotted(left->numbers, right->numbers);
  if (order != 0) return order;
  const std::string_view x = is_revision(left->pre) ? "" : left->pre,
                         y = is_revision(right->pre) ? "" : right->pre;
  return semver::compare_pre(x, y);
}

}  // namespace

namespace schemes {
extern const Scheme bitnami;
constexpr Scheme bitnami = {
    .name = "bitnami", .about = "Bitnami components: SemVer, revisions left out", .compare = compare};
}  // namespace schemes
}  // namespace peekr
