// SPDX-License-Identifier: Apache-2.0
#include "policy/product.h"

#include <string>

#include "model/release.h"
#include "model/root.h"

namespace peekr {
namespace {

// "12" and "12.5" are one release, "12" and "11" are not.
bool same_release(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty() || a == b) return true;
  const std::string_view shorter = a.size() < b.size() ? a : b, longer = a.size() < b.size() ? b : a;
  return longer.starts_with(shorter) && longer[shorter.size()] == '.';
}

bool same_system(const Distro& wanted, const std::optional<Distro>& distro) {
  if (!distro) return false;
  if (!wanted.codename.empty() && !distro->codename.empty()) return wanted.codename == distro->codename;
  const bool same =
      wanted.id == distro->id || (wanted.id == "opensuse-leap" && distro->id.starts_with("opensuse"));
  if (same && wanted.id == "openeuler" && wanted.version_id == distro->version_id)
    return is_same_release(*distro, wanted);
  return same && same_release(wanted.version_id, distro->version_id);
}

bool is_any_arch(const Package& asked) {
  return asked.arch.empty() || asked.arch == "src" || asked.arch == "source";
}

}  // namespace

bool has_name(const NamedPackage& wanted, const Package& package) {
  const Package& asked = wanted.package;
  if (asked.type != package.type) return false;
  const std::string name = comparable_name(asked.type, asked.name);
  // What has an architecture is a binary package: that python3.11 is not affected says nothing of what else its source makes.
  const bool of_source = is_any_arch(asked) && is_of_system(package);
  return name == comparable_name(asked.type, package.name) ||
         (of_source && name == comparable_name(asked.type, package.source));
}

bool is_named(const NamedPackage& wanted, const Package& package, const std::optional<Distro>& distro) {
  const Package& asked = wanted.package;
  if (!has_name(wanted, package)) return false;
  const bool says_source = is_of_system(package) && wanted.qualifiers.contains("upstream");
  if (says_source && comparable_name(asked.type, asked.source) != comparable_name(asked.type, package.source))
    return false;
  if (!is_any_arch(asked) && !package.arch.empty() && asked.arch != package.arch) return false;
  if (!wanted.distro) return true;
  const auto is_of = [&](const std::optional<Distro>& other) {
    return same_system(*wanted.distro, other ? other : distro);
  };
  // The package URL of a package of EPEL names the system that it is installed on: who writes all of it means this one.
  const bool is_whole = wanted.qualifiers.contains("distro") || !asked.version.empty();
  return is_of(judged_as_of(package, distro)) || (is_whole && is_of(other_distro(package, distro)));
}

bool is_meant(const NamedPackage& wanted, const Package& package, const std::optional<Distro>& distro) {
  if (!is_named(wanted, package, distro)) return false;
  const std::string_view version = wanted.package.version;
  if (version.empty()) return true;
  // Where only one of them has an epoch, it stands for any.
  const bool epoch = wanted.package.epoch.value_or(0) == package.epoch.value_or(0) || !wanted.package.epoch;
  // What is built of another source may have an epoch of its own.
  const bool of_itself = package.name == package.source;
  return (version == package.version && epoch) || version == full_version(package) ||
         (is_of_system(package) && version == package.source_version && (epoch || !of_itself) &&
          comparable_name(package.type, wanted.package.name) ==
              comparable_name(package.type, package.source));
}

}  // namespace peekr
