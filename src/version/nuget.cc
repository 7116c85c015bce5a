// SPDX-License-Identifier: Apache-2.0
// NuGet: up to four numbers, a pre-release as in SemVer but without regard to case, build metadata without
// meaning (learn.microsoft.com/nuget/concepts/package-versioning).
#include "base/text.h"
#include "version/scheme.h"
#include "version/semver.h"

namespace peekr {
namespace {

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  return semver::compare(lower(a), lower(b));
}

}  // namespace

namespace schemes {
extern const Scheme nuget;
constexpr Scheme nuget = {
    .name = "nuget", .about = ".NET packages, as NuGet orders them", .compare = compare};
}  // namespace schemes
}  // namespace peekr
