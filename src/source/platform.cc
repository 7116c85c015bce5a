// SPDX-License-Identifier: Apache-2.0
#include "source/platform.h"

#include <sys/utsname.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace peekr {
namespace {

struct Alias {
  std::string_view name, architecture, variant;
};
// Names that compilers, kernels and distributions have for what Go and OCI call otherwise.
constexpr Alias kAliases[] = {
    {"x86_64", "amd64", ""},      {"x86-64", "amd64", ""},    {"i386", "386", ""},
    {"i486", "386", ""},          {"i586", "386", ""},        {"i686", "386", ""},
    {"aarch64", "arm64", ""},     {"armhf", "arm", "v7"},     {"armel", "arm", "v6"},
    {"armv5tel", "arm", "v5"},    {"armv6l", "arm", "v6"},    {"armv7l", "arm", "v7"},
    {"armv8l", "arm", "v7"},      {"ppc64el", "ppc64le", ""}, {"loongarch64", "loong64", ""},
    {"mips64el", "mips64le", ""},
};

// The generation that a variant names, oldest first; nothing for a word that is no generation.
std::optional<unsigned> generation(const Platform& platform) {
  const unsigned usual = platform.architecture == "arm64" ? 8 : platform.architecture == "arm" ? 7 : 1;
  if (platform.variant.empty()) return usual;
  const std::optional<std::uint64_t> number = to_number(std::string_view(platform.variant).substr(1));
  if (platform.variant.front() != 'v' || !number || *number > 99) return std::nullopt;
  return static_cast<unsigned>(*number);
}

}  // namespace

std::string Platform::str() const {
  if (empty()) return "";
  std::string text = os + "/" + architecture;
  if (!variant.empty()) text += "/" + variant;
  return text;
}

std::string titled(const Platform& platform) {
  return platform.str() + (platform.os_version.empty() ? "" : " " + platform.os_version);
}

Platform normalised(Platform platform) {
  platform.os = lower(platform.os);
  platform.architecture = lower(platform.architecture);
  platform.variant = lower(platform.variant);
  if (platform.os == "macos") platform.os = "darwin";
  const auto* alias = std::ranges::find(kAliases, platform.architecture, &Alias::name);
  if (alias != std::end(kAliases)) {
    platform.architecture = alias->architecture;
    if (platform.variant.empty()) platform.variant = alias->variant;
  }
  if (!platform.variant.empty() && is_digit(platform.variant.front())) platform.variant.insert(0, "v");
  const bool usual = (platform.architecture == "arm64" && platform.variant == "v8") ||
                     (platform.architecture == "amd64" && platform.variant == "v1");
  if (usual) platform.variant.clear();
  if (platform.architecture == "arm" && platform.variant.empty()) platform.variant = "v7";
  return platform;
}

Result<Platform> parse_platform(std::string_view text) {
  const auto [place, version] = cut(text, ' ');
  const std::vector<std::string_view> parts = split(place, '/');
  const bool complete = std::ranges::none_of(parts, [](std::string_view part) { return part.empty(); });
  if (!complete || parts.size() < 2 || parts.size() > 3 || (version.empty() && place.size() < text.size())) {
    return fail(Errc::usage, "platform " + printable(text) + ": not of the form os/arch[/variant]");
  }
  return normalised({.os = std::string(parts[0]),
                     .architecture = std::string(parts[1]),
                     .variant = parts.size() == 3 ? std::string(parts[2]) : "",
                     .os_version = std::string(version)});
}

Platform this_machine() {
  struct utsname machine{};
  const bool known = ::uname(&machine) == 0;
  return normalised({.os = "linux", .architecture = known ? machine.machine : "amd64"});
}

std::optional<unsigned> fit(const Platform& wanted, const Platform& has) {
  if (wanted.os != has.os || wanted.architecture != has.architecture) return std::nullopt;
  const bool stated = !wanted.os_version.empty() && !has.os_version.empty();
  if (stated && wanted.os_version != has.os_version) return std::nullopt;
  if (wanted.variant == has.variant) return 0;
  const std::optional<unsigned> want = generation(wanted), have = generation(has);
  if (!want || !have || *have > *want) return std::nullopt;
  return *want - *have;
}

}  // namespace peekr
