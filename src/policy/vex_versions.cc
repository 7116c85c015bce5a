// SPDX-License-Identifier: Apache-2.0
#include "policy/vex_versions.h"

#include <algorithm>

#include "model/epoch.h"
#include "model/java_runtime.h"

namespace peekr {
namespace {

// As the name has it that the product is called by: a source's, or its own.
MeantVersion version_meant(const NamedPackage& named, const Package& package) {
  const std::string name = comparable_name(package.type, named.package.name);
  const bool of_source = is_of_system(package) && !package.source_version.empty() &&
                         name != comparable_name(package.type, package.name);
  // A document may leave the epoch out.
  const bool knows = package.type != "rpm" || package.epoch || has_header(package);
  if (!of_source) return {.text = full_version(package), .knows_epoch = knows};
  return {.text = package.source_version, .knows_epoch = package.type != "rpm"};
}

}  // namespace

std::optional<bool> is_among(const VexVersions& versions, const NamedPackage& named, const Package& package) {
  const MeantVersion version = version_meant(named, package);
  const auto is = [&](const std::string& one) {
    return one == package.version || one == full_version(package) || one == version.text;
  };
  if (std::ranges::any_of(versions.listed, is)) return true;
  // "8u382" and "8.0.382" have an order of their own, which no range names.
  const bool is_ordered = !is_java_runtime(package);
  bool known = !versions.all_may_be;
  for (const VersRange& range : versions.ranges) {
    const bool is_any = range.constraints.empty();
    const std::optional<bool> inside = is_ordered || is_any ? contains(range, version) : std::nullopt;
    if (inside && *inside) return true;
    known = known && inside;
  }
  return known ? std::optional(false) : std::nullopt;
}

}  // namespace peekr
