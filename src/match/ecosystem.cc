// SPDX-License-Identifier: Apache-2.0
#include "match/ecosystem.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "model/release.h"

namespace peekr {
namespace {

constexpr auto source = Ecosystem::Key::source;
constexpr auto binary = Ecosystem::Key::binary;
constexpr auto both = Ecosystem::Key::both;
constexpr auto source_or_said = Ecosystem::Key::source_or_said;
constexpr auto binary_or_said = Ecosystem::Key::binary_or_said;
constexpr auto software = Ecosystem::Key::software;
constexpr auto nothing = Ecosystem::Peculiar::nothing;
constexpr auto enterprise_linux = Ecosystem::Peculiar::enterprise_linux;
constexpr auto redhat = Ecosystem::Peculiar::redhat;
constexpr auto debian = Ecosystem::Peculiar::debian;
constexpr auto ubuntu = Ecosystem::Peculiar::ubuntu;
constexpr auto alpine = Ecosystem::Peculiar::alpine;
constexpr auto suse = Ecosystem::Peculiar::suse;

constexpr Ecosystem kAll[] = {
#define ECOSYSTEM(row, type, distros, strings, rolling, key, scheme, peculiar, home, other) \
  {#row, type, distros, strings, rolling, key, scheme, peculiar, home, other},
#include "match/ecosystems.def"
#undef ECOSYSTEM
};

// The first `count` parts of a version that is one: "8.11.1", 2 -> "8.11". A word ("trixie/sid") has none.
std::string parts(std::string_view version, std::size_t count) {
  if (version.empty() || !is_digit(version.front())) return {};
  std::size_t end = 0;
  for (std::size_t i = 0; i < count && end != std::string_view::npos; ++i) {
    end = version.find('.', i == 0 ? 0 : end + 1);
  }
  return std::string(version.substr(0, end));
}

// etc/apk/repositories (kept in codename) beats os-release; a snapshot of edge is "3.21_alpha20240807".
std::string alpine_branch(const Distro& distro) {
  const std::string& branch = distro.codename;
  if (branch == "edge" || (branch.size() > 1 && branch[0] == 'v' && is_digit(branch[1]))) return branch;
  if (distro.version_id.find("_alpha") != std::string::npos) return "edge";
  std::string release = parts(distro.version_id, 2);
  release = release.substr(0, release.find('_'));
  return release.empty() ? release : "v" + release;
}

// "15.5" -> "15 SP5", "15" and "15.0" -> "15"; from 16 on SUSE writes "16.0".
std::string service_pack(std::string_view version) {
  const std::string major = parts(version, 1);
  const std::optional<std::uint64_t> number = to_number(major);
  if (!number || *number >= 16) return parts(version, 2);
  const std::string_view pack = cut(version, '.').second;
  return pack.empty() || pack == "0" ? major : major + " SP" + std::string(pack);
}

// The modules of SUSE Linux Enterprise 12 are for all its service packs; later ones are numbered as the system is.
std::string bare_of_12(std::string_view version) { return parts(version, 1) == "12" ? "12" : ""; }

// Amazon Linux 1 was numbered by year and month, up to "2018.03"; 2 and those after it are years or less, which some write with more
// behind ("2023.3.20240304").
std::string amazon_release(const Distro& distro) {
  const std::string major = parts(distro.version_id, 1);
  const std::uint64_t year = to_number(major).value_or(0);
  return distro.version_id.contains('.') && year > 2000 && year <= 2018 ? "1" : major;
}

std::string next_major(std::string_view version) {
  const std::optional<std::uint64_t> number = to_number(parts(version, 1));
  return number ? std::to_string(*number + 1) : std::string();
}

// Up to 6.0 the second number was part of Debian's release, of which release files and others speak as "6".
std::string debian_point(std::string_view version) {
  const std::optional<std::uint64_t> number = to_number(parts(version, 1));
  return number && *number >= 4 && *number <= 6 ? std::to_string(*number) + ".0" : std::string();
}

// Testing, "forky/sid", has no number yet, but OSV's records speak of it by the one that it will have.
std::string debian_coming(const Distro& distro) {
  return std::string(release_of_codename("debian", distro.codename));
}

std::string value(std::string_view variable, const Distro& distro) {
  if (variable == "version") return distro.version_id;
  if (variable == "release") return parts(distro.version_id, 2);
  if (variable == "major") return parts(distro.version_id, 1);
  if (variable == "branch") return alpine_branch(distro);
  if (variable == "sp") return service_pack(distro.version_id);
  if (variable == "bare") return bare_of_12(distro.version_id);
  if (variable == "point") return debian_point(distro.version_id);
  if (variable == "coming") return debian_coming(distro);
  if (variable == "next") return next_major(distro.version_id);
  if (variable == "amazon") return amazon_release(distro);
  if (variable == "label") return full_release(distro);
  return {};
}

// One string with its variable (at most one) filled in; empty when that is empty.
std::string filled(std::string_view text, const Distro& distro) {
  const std::size_t open = text.find('{');
  if (open == std::string_view::npos) return std::string(text);
  const std::size_t close = text.find('}', open);
  const std::string inside = value(text.substr(open + 1, close - open - 1), distro);
  if (inside.empty()) return {};
  return std::string(text.substr(0, open)) + inside + std::string(text.substr(close + 1));
}

std::vector<std::string> filled_all(std::string_view strings, const Distro& distro) {
  std::vector<std::string> all;
  for (const std::string_view one : split(strings, '|')) {
    std::string text = filled(one, distro);
    if (!text.empty() && std::ranges::find(all, text) == all.end()) all.push_back(std::move(text));
  }
  return all;
}

}  // namespace

std::span<const Ecosystem> all_ecosystems() { return kAll; }

bool at_home(const Ecosystem& row, std::string_view publisher) {
  return row.distros.empty() ? publisher == row.home : publisher != "OSV";
}

const Ecosystem* find_ecosystem(std::string_view type, const Distro& distro) {
  const auto found = std::ranges::find_if(kAll, [&](const Ecosystem& row) {
    if (row.type != type) return false;
    if (row.distros.empty()) return true;
    const auto ids = split(row.distros, ' ');
    return std::ranges::find(ids, distro.id) != ids.end();
  });
  return found == std::end(kAll) ? nullptr : found;
}

Wanted wanted(const Ecosystem& row, const Distro& distro) {
  std::vector<std::string> patterns = filled_all(row.strings, distro);
  if (!patterns.empty()) return {.patterns = std::move(patterns)};
  return {.patterns = filled_all(row.rolling, distro), .rolling = true};
}

std::vector<std::string> wanted_by_some(const Ecosystem& row, const Distro& distro) {
  return filled_all(row.other, distro);
}

bool is_enterprise(const Ecosystem& row) {
  return row.peculiar == enterprise_linux || row.peculiar == redhat;
}

bool fits(std::string_view pattern, std::string_view ecosystem) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == ecosystem;
  const std::string_view head = pattern.substr(0, star), tail = pattern.substr(star + 1);
  return ecosystem.size() >= head.size() + tail.size() && ecosystem.starts_with(head) &&
         ecosystem.ends_with(tail);
}

bool is_among(std::string_view ecosystem, const std::vector<std::string>& all) {
  return std::ranges::find(all, ecosystem) != all.end();
}

std::vector<std::string> with_part(const std::vector<std::string>& all, std::string_view part) {
  std::vector<std::string> some;
  std::ranges::copy_if(all, std::back_inserter(some),
                       [&](const std::string& one) { return one.contains(part); });
  return some;
}

std::vector<std::string> without_part(const std::vector<std::string>& all, std::string_view part) {
  std::vector<std::string> some;
  std::ranges::copy_if(all, std::back_inserter(some),
                       [&](const std::string& one) { return !one.contains(part); });
  return some;
}

}  // namespace peekr
