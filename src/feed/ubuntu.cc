// SPDX-License-Identifier: Apache-2.0
#include "feed/ubuntu.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "model/release.h"

namespace peekr::ubuntu {
namespace {

struct Row {
  std::string_view word, name;
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

std::string_view prefix_of(std::string_view channel) {
  const auto found = std::ranges::find(kChannels, channel, &Row::word);
  return found == kChannels.end() ? std::string_view() : found->name;
}

std::string_view release_of(std::string_view codename) { return release_of_codename("ubuntu", codename); }

// Those of April of even years are supported for long, which OSV says in the name.
bool is_lts(std::string_view release) {
  const auto [year, month] = cut(release, '.');
  return month == "04" && to_number(year).value_or(1) % 2 == 0;
}

}  // namespace

std::string ecosystem(std::string_view distro) {
  auto [channel, codename] = cut(distro, '/');
  if (codename.empty()) {
    codename = channel;
    channel = {};
  } else if (!release_of(channel).empty()) {
    std::swap(channel, codename);
  }
  const std::string_view release = release_of(codename), prefix = prefix_of(channel);
  if (release.empty() || (prefix.empty() && !channel.empty())) return {};
  return "Ubuntu:" + std::string(prefix) + std::string(release) + (is_lts(release) ? ":LTS" : "");
}

}  // namespace peekr::ubuntu
