// SPDX-License-Identifier: Apache-2.0
// Red Hat publishes a list of all content sets with their CPEs (security.access.redhat.com/data/meta/v1/
// repository-to-cpe.json). Their names follow rules, which is what is read here:
//   rhel-<major>-for-<arch>-<repository>[-<stream>]-rpms[__<major>_DOT_<minor>]
//   codeready-builder-[<stream>-]for-rhel-<major>-<arch>-[<stream>-]rpms
//   rhocp-<version>-for-rhel-<major>-<arch>-rpms
//   ubi-<major>-<repository>-rpms
//   rhel-<major>-server-els-rpms, rhel-<major>-for-<arch>-els-rpms (6 and 7, after their end)
#include "match/content_set.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::array<std::string_view, 4> kStreams = {"eus", "e4s", "aus", "tus"};

// "9.2" of "..rpms__9_DOT_2"; "..rpms__8" names the major release alone.
std::string minor_of(std::string_view suffix) {
  const auto [major, minor] = cut(suffix, '_');
  if (!minor.starts_with("DOT_")) return {};
  return std::string(major) + "." + std::string(minor.substr(4));
}

// From 10 on EUS's products are of a minor release and of no repository.
std::string product(std::string_view stream, std::string_view release, std::string_view repository) {
  if (stream == "eus" && to_number(cut(release, '.').first).value_or(0) >= 10)
    return "Red Hat:enterprise_linux_eus:" + std::string(release);
  const bool kept = std::ranges::find(kStreams, stream) != kStreams.end();
  return "Red Hat:" + (kept ? "rhel_" + std::string(stream) : std::string("enterprise_linux")) + ":" +
         std::string(release) + "::" + std::string(repository);
}

std::string of_parts(const std::vector<std::string_view>& parts, std::string_view minor) {
  const auto stream = std::ranges::find_first_of(parts, kStreams);
  const std::string_view kept = stream == parts.end() ? std::string_view() : *stream;
  const std::string_view major = parts[1];
  if (parts[0] == "ubi" && parts.size() == 4) return product("", major, parts[2]);
  if (parts[0] == "rhocp" && parts.size() > 5 && parts[2] == "for" && parts[3] == "rhel") {
    return "Red Hat:openshift:" + std::string(major) + "::el" + std::string(parts[4]);
  }
  if (parts[0] == "rhel" && std::ranges::find(parts, "els") != parts.end())
    return "Red Hat:rhel_els:" + std::string(major);
  if (parts[0] == "rhel" && parts.size() > 5 && parts[2] == "for")
    return product(kept, kept.empty() ? major : minor, parts[4]);
  return {};
}

}  // namespace

std::string product_of_content_set(std::string_view name, std::string_view release) {
  const std::size_t suffix = name.find("__");
  std::string minor = suffix == std::string_view::npos ? std::string() : minor_of(name.substr(suffix + 2));
  if (minor.empty()) minor = release;
  const std::string_view text = name.substr(0, suffix);
  if (!text.ends_with("-rpms")) return {};
  const std::vector<std::string_view> parts = split(text, '-');
  if (text.starts_with("codeready-builder-")) {
    const auto rhel = std::ranges::find(parts, "rhel");
    if (rhel == parts.end() || rhel + 1 == parts.end()) return {};
    const auto stream = std::ranges::find_first_of(parts, kStreams);
    return stream == parts.end() ? product("", *(rhel + 1), "crb") : product(*stream, minor, "crb");
  }
  return parts.size() < 4 ? std::string() : of_parts(parts, minor);
}

}  // namespace peekr
