// SPDX-License-Identifier: Apache-2.0
#include "match/channels.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "match/assess.h"
#include "model/rhel.h"

namespace peekr {
namespace {

using Strings = std::vector<std::string>;

Channels of_ubuntu(const Scope& scope, const Package& package) {
  const std::string& version = package.version;
  const Strings fips = with_part(scope.other, ":FIPS"), pro = without_part(scope.other, ":FIPS");
  // FIPS builds are numbered apart: "1.1.1f-1ubuntu2.fips.2.8" is above every version of the archive.
  if (version.find("fips") != std::string::npos && version.find("ubuntu") != std::string::npos) {
    return fips.empty() ? Channels{scope.ecosystems, pro, "a FIPS build, of which the database knows nothing"}
                        : Channels{fips, {}, ""};
  }
  const bool is_pro = version.find("+esm") != std::string::npos || version.find("~esm") != std::string::npos;
  return is_pro && !pro.empty() ? Channels{pro, scope.ecosystems, ""} : Channels{scope.ecosystems, pro, ""};
}

Channels of_alpine(const Scope& scope, const Package& package) {
  if (package.repository.empty()) return {scope.ecosystems, {}, ""};
  for (const std::string& one : scope.tagged) {
    const auto [tag, ecosystem] = cut(one, ' ');
    if (tag != package.repository) continue;
    const std::string name(ecosystem);
    if (is_among(name, scope.ecosystems)) return {scope.ecosystems, {}, ""};
    if (is_among(name, scope.other)) return {{name}, {}, ""};
    return {scope.ecosystems, {}, "from " + name + ", of which the database knows nothing"};
  }
  return {scope.ecosystems,
          {},
          "from a repository with the tag @" + package.repository + ", which is not listed"};
}

Channels of_debian(const Scope& scope, const Package& package) {
  if (backported(*scope.row, package.version).empty()) return {scope.ecosystems, {}, ""};
  if (!scope.other.empty()) return {scope.other, {}, ""};
  return {scope.ecosystems, {}, "a backport of a later release, of which the database knows nothing"};
}

Channels of_redhat(const Scope& scope) {
  const Strings els = with_part(scope.other, kExtendedLife),
                streams = without_part(scope.other, kExtendedLife);
  if (scope.subscribed.empty()) return {scope.ecosystems, els, "", streams};
  Strings usual = scope.ecosystems;
  usual.insert(usual.end(), els.begin(), els.end());
  std::erase_if(usual, [&](const std::string& one) { return is_among(one, scope.subscribed); });
  return {scope.subscribed, usual, ""};
}

Channels of_distribution(const Scope& scope, const Package& package) {
  using Peculiar = Ecosystem::Peculiar;
  switch (scope.row->peculiar) {
    case Peculiar::ubuntu: return of_ubuntu(scope, package);
    case Peculiar::alpine: return of_alpine(scope, package);
    case Peculiar::debian: return of_debian(scope, package);
    case Peculiar::redhat: return of_redhat(scope);
    case Peculiar::suse: return {scope.ecosystems, scope.other, ""};
    case Peculiar::nothing:
    case Peculiar::enterprise_linux: break;
  }
  const bool is_next = scope.row->name == "epel" && package.version.contains(".next");
  return {scope.ecosystems, {}, is_next ? "from EPEL Next, of whose updates no feed speaks" : ""};
}

}  // namespace

bool is_rebuilt(const Package& package) {
  const std::string_view version = package.version;
  if (package.type == "deb") return version.find(".root.io") != std::string_view::npos;
  if (package.type != "apk") return false;
  // Revisions of Alpine's own are of one or two digits.
  constexpr std::string_view kMiddle = "007";
  const std::size_t at = version.rfind("-r");
  if (at == std::string_view::npos) return false;
  const std::string_view revision = version.substr(at + 2);
  return revision.size() == 5 && revision.substr(1, 3) == kMiddle && to_number(revision).has_value();
}

Channels channels(const Scope& scope, const Package& package) {
  Channels usual = of_distribution(scope, package);
  if (scope.row->distros.empty() || !is_rebuilt(package)) return usual;
  if (!scope.rebuilt.empty()) return {scope.rebuilt, usual.first, usual.doubt};
  if (usual.doubt.empty()) usual.doubt = "built by Root, of whose fixes the database knows nothing";
  return usual;
}

std::string needed_for(const Ecosystem& row, std::string_view ecosystem) {
  if (ecosystem.starts_with("Ubuntu:Pro:FIPS")) return "Ubuntu Pro with FIPS";
  if (ecosystem.starts_with("Ubuntu:Pro:")) return "Ubuntu Pro";
  if (ecosystem.starts_with("SUSE:") && ecosystem.ends_with("-ESPOS")) return "SUSE's ESPOS";
  if (row.name == "sles" && ecosystem.starts_with("SUSE:Linux Enterprise Server for SAP Applications "))
    return "SUSE Linux Enterprise Server for SAP Applications";
  if (row.peculiar == Ecosystem::Peculiar::suse && ecosystem.starts_with("SUSE:Linux Enterprise Real Time "))
    return "SUSE Linux Enterprise Real Time";
  if (ecosystem.starts_with("SUSE:") && ecosystem.find("LTSS") != std::string_view::npos)
    return "SUSE's LTSS";
  const auto [publisher, product] = cut(ecosystem, ':');
  if (publisher != "Red Hat") return {};
  const std::string_view stream = rhel_stream(cut(product, ':').first).value_or("");
  return stream.empty() ? std::string() : "Red Hat's " + std::string(stream) + " repositories";
}

}  // namespace peekr
