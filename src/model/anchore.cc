// SPDX-License-Identifier: Apache-2.0
#include "model/anchore.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "model/root.h"

namespace peekr::anchore {
namespace {

constexpr Kind kKinds[] = {{"alpm", "alpm", ""},
                           {"apk", "apk", ""},
                           {"bitnami", "bitnami", ""},
                           {"cargo", "rust-crate", "rust"},
                           {"cocoapods", "pod", "swift"},
                           {"composer", "php-composer", "php"},
                           {"conan", "conan", "c++"},
                           {"conda", "conda", "python"},
                           {"cran", "R-package", "R"},
                           {"deb", "deb", ""},
                           {"ebuild", "portage", ""},
                           {"gem", "gem", "ruby"},
                           {"golang", "go-module", "go"},
                           {"hackage", "hackage", "haskell"},
                           {"hex", "hex", "erlang"},
                           {"luarocks", "lua-rocks", "lua"},
                           {"maven", "java-archive", "java"},
                           {"nix", "nix", ""},
                           {"npm", "npm", "javascript"},
                           {"nuget", "dotnet", "dotnet"},
                           {"opam", "opam", "ocaml"},
                           {"pub", "dart-pub", "dart"},
                           {"pypi", "python", "python"},
                           {"rpm", "rpm", ""},
                           {"swift", "swift", "swift"}};

// Whose data a distribution of that os-release ID is judged by, what it is called there, and how many parts of its version count.
struct System {
  std::string_view id, provider, name;
  std::size_t parts = 0;  // 0: all
  bool rolling = false;   // none
};
constexpr System kSystems[] = {
    {"almalinux", "redhat", "redhat", 1},    {"alpine", "alpine", "alpine", 2},
    {"amzn", "amazon", "amazonlinux"},       {"arch", "arch", "archlinux"},
    {"azurelinux", "mariner", "azurelinux"}, {"chainguard", "chainguard", "chainguard", 0, true},
    {"centos", "redhat", "redhat", 1},       {"debian", "debian", "debian", 1},
    {"mariner", "mariner", "mariner"},       {"ol", "oracle", "oraclelinux", 1},
    {"rhel", "redhat", "redhat", 1},         {"rocky", "redhat", "redhat", 1},
    {"wolfi", "wolfi", "wolfi", 0, true}};

// "3.18" of "3.18.4"
std::string first_parts(const std::string& version, std::size_t parts) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < parts && end != std::string::npos; ++i)
    end = version.find('.', end + (i > 0 ? 1 : 0));
  return parts == 0 ? version : version.substr(0, end);
}

std::string of_system(const Distro& distro) {
  const auto found = std::ranges::find(kSystems, std::string_view(distro.id), &System::id);
  const System system = found == std::end(kSystems) ? System{distro.id, distro.id, distro.id} : *found;
  const std::string version = first_parts(distro.version_id, system.parts);
  return join({std::string(system.provider), "distro", std::string(system.name),
               version.empty() || system.rolling ? "rolling" : version},
              ":");
}

}  // namespace

Kind kind_of(const Package& package) {
  if (package.type.starts_with("linux-kernel")) return {package.type, package.type, ""};
  if (package.type == "generic" || package.type == "github") return {package.type, "binary", ""};
  const auto found = std::ranges::find(kKinds, std::string_view(package.type), &Kind::type);
  return found == std::end(kKinds) ? Kind{package.type, package.type, ""} : *found;
}

std::string name_space(const Proof& proof, const Package& package, const std::optional<Distro>& distro) {
  if (proof.ecosystem == "CPE") return "nvd:cpe";
  if (is_of_system(package) && distro) return of_system(judged_as_of(package, distro).value_or(*distro));
  const std::string_view language = kind_of(package).language;
  return language.empty() ? "nvd:cpe" : "github:language:" + std::string(language);
}

std::string shown_id(const Finding& finding, const Package& package, const std::optional<Distro>& distro) {
  const auto of_github = [](const std::string& id) { return id.starts_with("GHSA-"); };
  const Proof first = finding.proofs.empty() ? Proof{} : finding.proofs.front();
  if (of_github(finding.id) || !name_space(first, package, distro).starts_with("github:")) return finding.id;
  const auto proof = std::ranges::find_if(finding.proofs, of_github, &Proof::advisory);
  if (proof != finding.proofs.end()) return proof->advisory;
  const auto name = std::ranges::find_if(finding.names, of_github);
  return name == finding.names.end() ? finding.id : *name;
}

std::string_view match_type(const Proof& proof, const Package& package) {
  if (proof.ecosystem == "CPE") return kMatchTypes[2];
  return kMatchTypes[proof.by_source && package.source != package.name ? 1 : 0];
}

}  // namespace peekr::anchore
