// SPDX-License-Identifier: Apache-2.0
#include "model/release.h"

#include <algorithm>
#include <array>

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

}  // namespace peekr
