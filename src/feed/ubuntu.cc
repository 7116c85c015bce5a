// SPDX-License-Identifier: Apache-2.0
#include "feed/ubuntu.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace peekr::ubuntu {
namespace {

struct Row {
  std::string_view word, name;
};

// distro-info-data's ubuntu.csv.
constexpr std::array kReleases = {
    Row{"precise", "12.04:LTS"}, Row{"trusty", "14.04:LTS"},   Row{"xenial", "16.04:LTS"},
    Row{"yakkety", "16.10"},     Row{"zesty", "17.04"},        Row{"artful", "17.10"},
    Row{"bionic", "18.04:LTS"},  Row{"cosmic", "18.10"},       Row{"disco", "19.04"},
    Row{"eoan", "19.10"},        Row{"focal", "20.04:LTS"},    Row{"groovy", "20.10"},
    Row{"hirsute", "21.04"},     Row{"impish", "21.10"},       Row{"jammy", "22.04:LTS"},
    Row{"kinetic", "22.10"},     Row{"lunar", "23.04"},        Row{"mantic", "23.10"},
    Row{"noble", "24.04:LTS"},   Row{"oracular", "24.10"},     Row{"plucky", "25.04"},
    Row{"questing", "25.10"},    Row{"resolute", "26.04:LTS"},
};

// Channels beside the archive that everybody has. "esm" is how "trusty/esm" ends.
constexpr std::array kChannels = {
    Row{"esm", "Pro:"},
    Row{"esm-apps", "Pro:"},
    Row{"esm-infra", "Pro:"},
    Row{"esm-infra-legacy", "Pro:"},
    Row{"esm-apps-legacy", "Pro:"},
    Row{"fips", "Pro:FIPS:"},
    Row{"fips-preview", "Pro:FIPS-preview:"},
    Row{"fips-updates", "Pro:FIPS-updates:"},
    Row{"realtime", "Pro:Realtime:"},
    Row{"bluefield", "Nvidia-BlueField:"},
};

template <class Rows>
std::string_view find(const Rows& rows, std::string_view word) {
  const auto found = std::ranges::find(rows, word, &Row::word);
  return found == rows.end() ? std::string_view() : found->name;
}

}  // namespace

std::string ecosystem(std::string_view distro) {
  auto [channel, codename] = cut(distro, '/');
  if (codename.empty()) {
    codename = channel;
    channel = {};
  } else if (!find(kReleases, channel).empty()) {
    std::swap(channel, codename);
  }
  const std::string_view release = find(kReleases, codename), prefix = find(kChannels, channel);
  if (release.empty() || (prefix.empty() && !channel.empty())) return {};
  return "Ubuntu:" + std::string(prefix) + std::string(release);
}

}  // namespace peekr::ubuntu
