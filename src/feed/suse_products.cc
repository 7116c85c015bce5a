// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "feed/suse.h"

namespace peekr::suse {
namespace {

// As OSV writes products: "SUSE:Linux Enterprise Server 15 SP1", "openSUSE:Leap 15.6".
std::string ecosystem_of(std::string_view platform) {
  for (const std::string_view vendor : {"SUSE", "openSUSE"}) {
    if (!platform.starts_with(vendor) || platform.size() <= vendor.size() + 1) continue;
    if (platform[vendor.size()] != ' ') continue;
    return std::string(vendor) + ":" + std::string(platform.substr(vendor.size() + 1));
  }
  return {};
}

// Those whose fixes not all who have the service pack get (match/channels.cc).
constexpr std::array<std::string_view, 4> kForThemselves = {" Micro ", " Server for SAP Applications ",
                                                            " Real Time ", " LTSS "};

// What products of one service pack have in common: "15 SP1" of "SUSE:Linux Enterprise Module for Basesystem 15 SP1". Others
// are for themselves.
std::string_view service_pack(std::string_view ecosystem) {
  const bool is_for_itself =
      std::ranges::any_of(kForThemselves, [&](std::string_view part) { return ecosystem.contains(part); });
  if (!ecosystem.starts_with("SUSE:Linux Enterprise ") || is_for_itself) return ecosystem;
  std::size_t at = ecosystem.rfind(' ');
  if (at != std::string_view::npos && at > 0 && !is_digit(ecosystem[at + 1]))
    at = ecosystem.rfind(' ', at - 1);
  return at == std::string_view::npos ? ecosystem : ecosystem.substr(at + 1);
}

constexpr std::string_view kServer = "SUSE:Linux Enterprise Server ";

}  // namespace

std::vector<std::string> ecosystems_of(const std::vector<std::string>& products,
                                       std::vector<std::string>& unknown) {
  std::vector<std::string> kept;
  for (const std::string& product : products) {
    std::string ecosystem = ecosystem_of(product);
    if (ecosystem.empty()) {
      unknown.push_back(product);
      continue;
    }
    const auto same = std::ranges::find(kept, service_pack(ecosystem),
                                        [](const std::string& one) { return service_pack(one); });
    if (same == kept.end()) {
      kept.push_back(std::move(ecosystem));
    } else if (ecosystem.starts_with(kServer) &&
               ecosystem.substr(kServer.size()) == service_pack(ecosystem)) {
      *same = std::move(ecosystem);
    }
  }
  return kept;
}

}  // namespace peekr::suse
