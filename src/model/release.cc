// SPDX-License-Identifier: Apache-2.0
#include "model/release.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace peekr {
namespace {

struct Release {
  std::string_view id, codename, number;
};

// distro-info-data's debian.csv and ubuntu.csv.
constexpr std::array kReleases = {
    Release{"debian", "slink", "2.1"},      Release{"debian", "potato", "2.2"},
    Release{"debian", "woody", "3.0"},      Release{"debian", "sarge", "3.1"},
    Release{"debian", "etch", "4.0"},       Release{"debian", "lenny", "5.0"},
    Release{"debian", "squeeze", "6.0"},    Release{"debian", "wheezy", "7"},
    Release{"debian", "jessie", "8"},       Release{"debian", "stretch", "9"},
    Release{"debian", "buster", "10"},      Release{"debian", "bullseye", "11"},
    Release{"debian", "bookworm", "12"},    Release{"debian", "trixie", "13"},
    Release{"debian", "forky", "14"},       Release{"debian", "duke", "15"},
    Release{"ubuntu", "hardy", "8.04"},     Release{"ubuntu", "lucid", "10.04"},
    Release{"ubuntu", "precise", "12.04"},  Release{"ubuntu", "trusty", "14.04"},
    Release{"ubuntu", "utopic", "14.10"},   Release{"ubuntu", "vivid", "15.04"},
    Release{"ubuntu", "wily", "15.10"},     Release{"ubuntu", "xenial", "16.04"},
    Release{"ubuntu", "yakkety", "16.10"},  Release{"ubuntu", "zesty", "17.04"},
    Release{"ubuntu", "artful", "17.10"},   Release{"ubuntu", "bionic", "18.04"},
    Release{"ubuntu", "cosmic", "18.10"},   Release{"ubuntu", "disco", "19.04"},
    Release{"ubuntu", "eoan", "19.10"},     Release{"ubuntu", "focal", "20.04"},
    Release{"ubuntu", "groovy", "20.10"},   Release{"ubuntu", "hirsute", "21.04"},
    Release{"ubuntu", "impish", "21.10"},   Release{"ubuntu", "jammy", "22.04"},
    Release{"ubuntu", "kinetic", "22.10"},  Release{"ubuntu", "lunar", "23.04"},
    Release{"ubuntu", "mantic", "23.10"},   Release{"ubuntu", "noble", "24.04"},
    Release{"ubuntu", "oracular", "24.10"}, Release{"ubuntu", "plucky", "25.04"},
    Release{"ubuntu", "questing", "25.10"}, Release{"ubuntu", "resolute", "26.04"},
};

struct Alias {
  std::string_view name, id;
};

// Trivy's families (trivy.dev), and the words of purl-types and cdxgen.
constexpr std::array kAliases = {
    Alias{"alma", "almalinux"},
    Alias{"amazon", "amzn"},
    Alias{"amazonlinux", "amzn"},
    Alias{"archlinux", "arch"},
    Alias{"cbl-mariner", "mariner"},
    Alias{"opensuse", "opensuse-leap"},
    Alias{"opensuse.leap", "opensuse-leap"},
    Alias{"opensuse.tumbleweed", "opensuse-tumbleweed"},
    Alias{"oracle", "ol"},
    Alias{"oraclelinux", "ol"},
    Alias{"redhat", "rhel"},
    Alias{"rockylinux", "rocky"},
    Alias{"slem", "sle-micro"},
    Alias{"suse linux enterprise micro", "sle-micro"},
    Alias{"suse linux enterprise server", "sles"},
};

bool is_of_label(char c) { return is_alpha(c) || is_digit(c) || c == '-'; }

// "LTS-SP2" of " (LTS-SP2)", of " LTS SP2" and of "-LTS-SP2".
std::string label_in(std::string_view rest) {
  std::string label;
  for (const char c : rest) {
    const bool separator = c == ' ' || c == '-' || (c == '(' && label.empty());
    if (!separator && !is_of_label(c)) break;
    if (!separator) label += c;
    if (separator && !label.empty() && !label.ends_with('-')) label += '-';
  }
  if (label.ends_with('-')) label.pop_back();
  return label;
}

}  // namespace

std::string_view release_of_codename(std::string_view id, std::string_view codename) {
  const auto found = std::ranges::find_if(
      kReleases, [&](const Release& one) { return one.id == id && one.codename == codename; });
  return found == kReleases.end() ? std::string_view() : found->number;
}

std::string_view os_release_id(std::string_view name) {
  const auto found = std::ranges::find(kAliases, name, &Alias::name);
  return found == kAliases.end() ? name : found->id;
}

std::string full_release(const Distro& distro) {
  const std::size_t at = distro.id == "openeuler" ? distro.name.find(distro.version_id) : std::string::npos;
  if (at == std::string::npos || distro.version_id.empty()) return distro.version_id;
  const std::string label = label_in(std::string_view(distro.name).substr(at + distro.version_id.size()));
  return distro.version_id + (label.empty() ? "" : "-" + label);
}

bool is_same_release(const Distro& own, const Distro& said) {
  if (own.id != said.id || own.version_id != said.version_id) return false;
  const std::string release = full_release(said);
  return release == said.version_id || release == full_release(own);
}

Distro open_euler(std::string_view release) {
  const auto end = std::ranges::find_if_not(release, [](char c) { return is_digit(c) || c == '.'; });
  const std::string number(release.begin(), end);
  const std::string label = label_in(release.substr(number.size()));
  return {.id = "openeuler",
          .version_id = number,
          .name = "openEuler " + number + (label.empty() ? "" : " (" + label + ")")};
}

// Long-term support is what comes in March of an even year.
std::string open_euler_of_build(std::string_view version) {
  constexpr std::string_view kMark = ".oe";
  const std::size_t at = version.rfind(kMark);
  if (at == std::string_view::npos) return {};
  const std::string_view build = version.substr(at + kMark.size());
  const std::size_t digits = std::min(build.find_first_not_of("0123456789"), build.size());
  if (digits != 4) return {};
  const std::string year(build.substr(0, 2)), month(build.substr(2, 2));
  const bool long_term = month == "03" && (year[1] - '0') % 2 == 0;
  std::string_view pack = build.substr(digits);
  if (!pack.empty() && !pack.starts_with("sp")) return {};
  if (!pack.empty()) pack.remove_prefix(2);
  if (!pack.empty() && !(long_term && to_number(pack))) return {};
  return year + "." + month + (long_term ? "-LTS" : "") + (pack.empty() ? "" : "-SP" + std::string(pack));
}

}  // namespace peekr
