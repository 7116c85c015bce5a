// SPDX-License-Identifier: Apache-2.0
// Dart's pub: Semantic Versioning whose build metadata is ordered, too: 1.0.0 < 1.0.0+1 < 1.0.0+2 (package pub_semver).
#include "version/scheme.h"
#include "version/semver.h"

namespace peekr {
namespace {

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const auto left = semver::parse(a), right = semver::parse(b);
  if (!left || !right) return std::nullopt;
  if (const auto order = semver::compare(*left, *right); order != 0) return order;
  if (left->build.empty() || right->build.empty()) return right->build.empty() <=> left->build.empty();
  return semver::compare_pre(left->build, right->build);
}

}  // namespace

namespace schemes {
extern const Scheme pub;
constexpr Scheme pub = {.name = "pub", .about = "Dart packages, as pub orders them", .compare = compare};
}  // namespace schemes
}  // namespace peekr
