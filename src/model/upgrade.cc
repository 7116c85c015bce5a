// SPDX-License-Identifier: Apache-2.0
#include "model/upgrade.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "model/root.h"

namespace peekr {
namespace {

struct Tool {
  std::string_view type;     // purl type of what it upgrades
  std::string_view package;  // that it comes in
  std::string_view command;
};
// The first one that is in the image is what its distribution means to be used.
constexpr Tool kTools[] = {
    {"deb", "apt", "apt-get update && apt-get install -y --only-upgrade"},
    {"apk", "apk-tools", "apk upgrade --no-cache"},
    {"opkg", "opkg", "opkg update && opkg upgrade"},
    {"rpm", "tdnf", "tdnf upgrade -y"},
    {"rpm", "zypper", "zypper --non-interactive update"},
    {"rpm", "dnf5", "dnf5 upgrade -y"},
    {"rpm", "dnf", "dnf upgrade -y"},
    {"rpm", "microdnf", "microdnf upgrade -y"},
    {"rpm", "yum", "yum upgrade -y"},
};

// rpm takes out what it is told, and refuses where that is needed; dnf and its kin would take more.
constexpr Tool kRemovers[] = {
    {"deb", "apt", "apt-get purge -y"},
    {"apk", "apk-tools", "apk del"},
    {"rpm", "rpm", "rpm -e"},
};

std::string first_there(std::span<const Tool> tools, std::string_view type,
                        const std::vector<Package>& packages) {
  for (const Tool& tool : tools) {
    const auto is_it = [&](const Package& p) {
      return p.type == type && p.name == tool.package && root_of(p).empty();
    };
    if (tool.type == type && std::ranges::any_of(packages, is_it)) return std::string(tool.command);
  }
  return {};
}

}  // namespace

std::string upgrade_command(std::string_view type, const std::vector<Package>& packages) {
  return first_there(kTools, type, packages);
}

std::string removal_command(std::string_view type, const std::vector<Package>& packages) {
  return first_there(kRemovers, type, packages);
}

bool is_plain(std::string_view name) {
  const auto plain = [](char c) {
    return is_alpha(c) || is_digit(c) || c == '.' || c == '+' || c == '_' || c == '-';
  };
  return !name.empty() && (is_alpha(name.front()) || is_digit(name.front())) &&
         std::ranges::all_of(name, plain);
}

bool has_upgrade_command(std::string_view type) {
  return std::ranges::find(kTools, type, &Tool::type) != std::ranges::end(kTools);
}

}  // namespace peekr
