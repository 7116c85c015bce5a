// SPDX-License-Identifier: Apache-2.0
#include "service/spelling.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "match/ecosystem.h"
#include "model/purl.h"
#include "model/release.h"

namespace peekr {
namespace {

// "Debian" of "debian", as the rows of ecosystems.def have it.
std::string_view family_of(const std::string& text) {
  for (const Ecosystem& row : all_ecosystems()) {
    for (const std::string_view strings : {row.strings, row.rolling, row.other}) {
      for (const std::string_view one : split(strings, '|')) {
        const std::string_view family = cut(one, ':').first;
        if (!family.empty() && lower(family) == lower(text)) return family;
      }
    }
  }
  return {};
}

// Of a release without a number the row's word for it; where no release is said all of them, as "Debian" is. Empty: none is known.
std::string ecosystem_of(const Ecosystem& row, const Distro& distro) {
  const Wanted want = wanted(row, distro);
  if (!want.rolling) return want.patterns.front();
  if (distro.version_id.empty() && distro.codename.empty()) return std::string(cut(row.strings, ':').first);
  const auto named = [&](const std::string& one) { return cut(one, ':').second == lower(distro.codename); };
  const auto found = std::ranges::find_if(want.patterns, named);
  return found == want.patterns.end() ? std::string() : *found;
}

// The version that a package URL names is the one that is affected, where the record has no other word about versions. False: it has.
bool take_version(Affected& one, const Package& named) {
  const std::string version = full_version(named);
  if (version.empty() || std::ranges::find(one.versions, version) != one.versions.end()) return true;
  if (!one.versions.empty() || !one.ranges.empty()) return false;
  one.versions = {version};
  return true;
}

enum class Read { all, but_the_version, nothing };

// Nothing: of what packages are looked up by.
Read read_purl(Affected& one) {
  const Result<NamedPackage> named = package_of_purl(one.package);
  if (!named) return Read::nothing;
  const Distro distro = named->distro.value_or(Distro{});
  const Ecosystem* row = find_ecosystem(named->package.type, distro);
  if (row == nullptr || row->key == Ecosystem::Key::software) return Read::nothing;
  std::string ecosystem = ecosystem_of(*row, distro);
  if (ecosystem.empty() || ecosystem.contains('*')) return Read::nothing;
  const auto arch = named->qualifiers.find("arch");
  if (arch != named->qualifiers.end() && (arch->second == "src" || arch->second == "source"))
    one.key = KeyKind::source;
  one.ecosystem = std::move(ecosystem);
  one.package = named->package.name;
  return take_version(one, named->package) ? Read::all : Read::but_the_version;
}

}  // namespace

void settle_purls(const Document& of, std::size_t first, Published& said) {
  const auto is_open = [](const Affected& one) { return one.ecosystem.empty() && is_purl(one.package); };
  std::vector<Advisory>& all = said.advisories;
  for (std::size_t i = first; i < all.size(); ++i) {
    std::vector<Affected>& affected = all[i].affected;
    if (std::ranges::none_of(affected, is_open)) continue;
    std::erase_if(affected, [&](Affected& one) {
      if (!is_open(one)) return false;
      const std::string what = printable(all[i].id) + ": " + printable(one.package);
      const Read read = read_purl(one);
      if (read == Read::but_the_version)
        said.notes.push_back(
            {Path(of.name), Why::suspicious,
             what + ": its version is not used: the record has versions or ranges beside it"});
      if (read != Read::nothing) return false;
      said.notes.push_back(
          {Path(of.name), Why::unsupported, what + ": nobody is known to judge it: want ecosystem and name"});
      return true;
    });
    if (affected.empty()) all[i].id.clear();
  }
  const auto rest = std::remove_if(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                                   [](const Advisory& one) { return one.id.empty(); });
  all.erase(rest, all.end());
}

std::string looked_up_as(const std::string& ecosystem) {
  const auto [head, release] = cut(ecosystem, ':');
  const std::string family(family_of(std::string(head)));
  if (ecosystem == "Red Hat repository") return ecosystem;  // feed/redhat_repositories.cc
  if (family.empty() || release.empty()) return family;
  const std::string_view number = release_of_codename(lower(family), lower(release));
  if (!number.empty()) return family + ":" + std::string(number);
  const bool bare = family == "Alpine" && is_digit(release.front());
  return family + (bare ? ":v" : ":") + std::string(release);
}

}  // namespace peekr
