// SPDX-License-Identifier: Apache-2.0
#include "model/third_party.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "model/root.h"

namespace peekr {
namespace {

// Parts of a maintainer's or vendor's line, in lower case.
constexpr auto kPublishers = std::to_array<std::string_view>(
    {"@docker.com",        "docker inc",   "cudatools",       "nvidia corporation", "google cloud",
     "google llc",         "@sap.com",     "hashicorp",       "@microsoft.com",     "microsoft corporation",
     "dotnetfoundation",   "@mongodb.com", "mongodb inc",     "@mariadb.",          "mariadb developers",
     "mariadb foundation", "couchdb",      "@elastic.co",     "elasticsearch",      "@f5.com",
     "@nginx.com",         "nginx inc",    "nginx packaging", "nginx, inc",         "@konghq.com",
     "kong inc",           "cloudflare",   "influxdata",      "@gitlab.com",        "gitlab, inc",
     "@grafana.com",       "grafana labs", "datadog",         "nodesource",         "tailscale",
     "open robotics",      "github, inc"});

// Who works for the distribution says so, whatever the package is called ("Debian NVIDIA Maintainers").
constexpr auto kOfDebian =
    std::to_array<std::string_view>({"debian.org", "ubuntu.com", "canonical.com", "raspberrypi.com"});

// Distributions whose own packages name their vendor, and how those names begin.
constexpr auto kWithVendor =
    std::to_array<std::string_view>({"almalinux", "amzn", "centos", "fedora", "ol", "opensuse",
                                     "opensuse-leap", "opensuse-tumbleweed", "rhel", "rocky", "sles"});
constexpr auto kVendors =
    std::to_array<std::string_view>({"AlmaLinux", "Amazon", "CentOS", "CloudLinux", "Oracle America",
                                     "Red Hat", "Rocky", "SUSE", "openSUSE"});

bool has_any(std::string_view text, std::span<const std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view one) { return text.contains(one); });
}

}  // namespace

bool is_of_third_party(const Package& package, const std::optional<Distro>& distro) {
  if (!distro || !root_of(package).empty()) return false;  // of another system than the image's: nobody knows
  if (package.type == "deb") {
    const std::string maintainer = lower(package.maintainer);
    // Most work for Debian, which is soon seen.
    return maintainer == "github" || (!has_any(maintainer, kOfDebian) && has_any(maintainer, kPublishers));
  }
  if (package.type != "rpm" || package.vendor.empty()) return false;
  const bool is_with_vendor = std::ranges::find(kWithVendor, distro->id) != kWithVendor.end();
  const bool is_of_microsoft = distro->id == "azurelinux" || distro->id == "mariner";
  // EPEL's, or of a repository of Fedora's own.
  if (package.vendor == "Fedora Project" && (is_with_vendor || is_of_microsoft))
    return distro->id != "fedora" && !has_epel(*distro);
  if (is_with_vendor)
    return std::ranges::none_of(kVendors, [&](auto one) { return package.vendor.starts_with(one); });
  if (is_of_microsoft && package.vendor.starts_with("Microsoft")) return false;
  return has_any(lower(package.vendor), kPublishers);
}

}  // namespace peekr
