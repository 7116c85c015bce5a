// SPDX-License-Identifier: Apache-2.0
#include "catalog/document.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "base/timer.h"
#include "catalog/cataloger.h"
#include "catalog/sbom.h"
#include "model/end_of_life.h"
#include "model/purl.h"
#include "model/release.h"
#include "model/root.h"

namespace peekr {
namespace {

// What builds say of their release, where it can mean one only.
struct Builds {
  std::string_view type, ids, mark;
  std::string_view tail = "";  // behind the number, as os-release has it
};
constexpr std::string_view kEnterprise = "almalinux centos ol rhel rocky";
constexpr Builds kBuilds[] = {
    {"deb", "debian", "+deb"},       {"deb", "debian", "~deb"},          {"deb", "debian", "~bpo"},
    {"rpm", kEnterprise, ".el"},     {"rpm", kEnterprise, ".module+el"}, {"rpm", kEnterprise, ".module_el"},
    {"rpm", "fedora", ".fc"},        {"rpm", "amzn", ".amzn"},           {"rpm", "azurelinux", ".azl", ".0"},
    {"rpm", "mariner", ".cm", ".0"}, {"rpm", "photon", ".ph", ".0"}};

std::string release_of(const Builds& builds, std::string_view version) {
  std::string number = number_behind(version, builds.mark);
  if (number.empty()) return {};
  // "~bpo70+1" is of Debian 7.
  const bool is_old = builds.type == "deb" && number.size() == 2 && number.back() == '0' && number >= "40";
  if (is_old) number.pop_back();
  return number.append(builds.tail);
}

std::string release_of(std::string_view id, std::string_view version) {
  for (const Builds& one : kBuilds) {
    const std::vector<std::string_view> ids = split(one.ids, ' ');
    if (std::ranges::find(ids, id) == ids.end()) continue;
    if (std::string release = release_of(one, version); !release.empty()) return release;
  }
  return {};
}

// Others write the number alone, which service packs share.
void complete_open_euler(std::string_view version, Distro& distro) {
  const std::string release = open_euler_of_build(version);
  Distro built = open_euler(release);
  if (release.empty() || (!distro.version_id.empty() && built.version_id != distro.version_id)) return;
  distro = std::move(built);
}

// Of a package of which nobody says whose it is. Who rebuilds Debian's packages keeps its mark before their own; and ".el9" has many makers.
Distro built_for(const Package& package) {
  constexpr std::array<std::string_view, 4> kOthers = {"+rp", "build", "ubuntu", "~bpo"};
  const bool is_others =
      std::ranges::any_of(kOthers, [&](std::string_view mark) { return package.version.contains(mark); });
  for (const Builds& one : kBuilds) {
    if (one.type != package.type || one.ids.contains(' ') || is_others) continue;
    std::string release = release_of(one, package.version);
    if (!release.empty()) return {.id = std::string(one.ids), .version_id = std::move(release)};
  }
  return {};
}

// Without an ID: whose package it is, is not known. Nothing: it is of no system.
std::optional<Distro> distro_of(const Package& package) {
  const std::optional<Purl> purl = parse_purl(package.purl);
  std::optional<Distro> distro = purl ? distro_of(*purl) : std::nullopt;
  if (!distro)
    return purl && is_of_system({.type = purl->type}) ? std::optional(built_for(package)) : std::nullopt;
  const std::string enterprise = number_behind(package.version, ".el");
  if (distro->id == "fedora" && !says_release(*distro) && !enterprise.empty())
    return Distro{.id = "epel", .version_id = enterprise, .name = "EPEL " + enterprise};
  if (!says_release(*distro)) distro->version_id = release_of(distro->id, package.version);
  if (distro->id == "openeuler" && full_release(*distro) == distro->version_id)
    complete_open_euler(package.version, *distro);
  return distro;
}

// Whether its builds had to say what its package URL leaves open.
bool is_guess(const Package& package, const Distro& distro) {
  const std::optional<Purl> purl = parse_purl(package.purl);
  const Distro said = purl ? distro_of(*purl).value_or(Distro{}) : Distro{};
  return !says_release(said) || full_release(said) != full_release(distro);
}

// By its namespace of one distribution, by its qualifier of another one: which have nothing in common but the format of their packages.
bool disagrees(const Package& package) {
  constexpr std::array<std::string_view, 10> kApart = {"debian", "ubuntu",    "alpine", "wolfi",   "amzn",
                                                       "ol",     "almalinux", "rocky",  "mariner", "photon"};
  const std::optional<Purl> purl = parse_purl(package.purl);
  const std::optional<Distro> distro = purl ? distro_of(*purl) : std::nullopt;
  if (!distro) return false;
  const std::string space(os_release_id(lower(purl->space)));
  const auto is_apart = [&](std::string_view id) { return std::ranges::find(kApart, id) != kApart.end(); };
  return space != distro->id && is_apart(space) && is_apart(distro->id);
}

void note_disagreement(Inventory& all) {
  const auto count = std::ranges::count_if(all.packages, disagrees);
  if (count == 0) return;
  all.notes.push_back({Path(), Why::no_data,
                       std::to_string(count) + (count == 1 ? " package URL has" : " package URLs have") +
                           " the namespace of another distribution than that of the qualifier distro, "
                           "which counts"});
}

struct Votes {
  std::size_t count = 0, guessed = 0;  // by the builds alone
  Distro distro;
};

std::string label(const Distro& distro) {
  const std::string release = distro.version_id.empty() ? distro.codename : full_release(distro);
  return distro.id + (release.empty() ? "" : " " + release);
}

// By whom the package URL names, else by its type.
std::string_view example_for(const Package& package, std::string_view id) {
  constexpr std::array<std::string_view, 8> kExamples = {
      "ubuntu-22.04", "fedora-42", "amzn-2023",          "rhel-9",
      "almalinux-9",  "ol-9",      "opensuse-leap-15.6", "sles-15.6"};
  for (const std::string_view one : kExamples) {
    if (!id.empty() && one.substr(0, one.rfind('-')) == id) return one;
  }
  if (package.type == "apk") return "alpine-3.20";
  return package.type == "rpm" ? "rocky-9" : package.type == "alpm" ? "arch" : "debian-12";
}

// That of most packages. Those whose package URLs say another are judged as of that (model/root.h), other guesses are told. Where none
// says a release, what the document says of the system as a whole.
void set_distro(Inventory& all) {
  const std::optional<Distro> whole = std::exchange(all.distro, std::nullopt);
  bool fits = whole && !whole->id.empty() && says_release(*whole);
  std::map<std::string, Votes> votes;
  std::size_t silent = 0;
  std::string_view wanted;
  for (const Package& package : all.packages) {
    std::optional<Distro> distro = distro_of(package);
    if (!distro) continue;
    if (!says_release(*distro)) {
      ++silent;
      if (wanted.empty()) wanted = example_for(package, distro->id);
      fits = fits && (distro->id.empty() || whole->id == distro->id);
      continue;
    }
    Votes& vote = votes[label(*distro)];
    ++vote.count;
    vote.guessed += is_guess(package, *distro) ? 1 : 0;
    vote.distro = *std::move(distro);
  }
  const auto most = std::ranges::max_element(votes, {}, [](const auto& one) { return one.second.count; });
  if (most != votes.end()) all.distro = most->second.distro;
  for (auto one = votes.begin(); one != votes.end(); ++one) {
    const bool is_epels = one->second.distro.id == "epel" && has_epel(most->second.distro);  // judged_as_of()
    if (one != most && one->second.guessed > 0 && !is_epels)
      all.notes.push_back({Path(), Why::no_data,
                           std::to_string(one->second.guessed) + " packages are said to be of " + one->first +
                               ": judged as of " + most->first});
  }
  if (most == votes.end() && fits) {
    all.distro = whole;
  } else if (most == votes.end() && silent > 0) {
    all.notes.push_back(
        {Path(), Why::no_data,
         std::to_string(silent) + (silent == 1 ? " package of a system does" : " packages of a system do") +
             " not say of which release: want the qualifier distro, such as distro=" + std::string(wanted)});
  }
}

Result<Inventory> named_packages(const Image& image) {
  Inventory all;
  if (image.info.kind == "purl") {
    Package package = TRY(package_of_purl(image.document)).package;
    if (package.version.empty()) return fail(Errc::usage, printable(image.document) + ": no version in it");
    package.purl = image.document;
    all.packages.push_back(std::move(package));
    return all;
  }
  const std::string_view name = image.claimed_by.empty() ? image.info.name : image.claimed_by;
  constexpr std::string_view kScheme = "sbom:";
  const Path path(name.starts_with(kScheme) ? name.substr(kScheme.size()) : name);
  // By its name alone: in an image other rows read the documents of vcpkg and Bitnami, here nobody else does.
  const std::size_t named = read_sbom({.path = Path(path.name()), .bytes = image.document}, all);
  for (Package& one : all.packages) one.path = path;
  for (Note& one : all.notes) one.path = path;
  if (named == 0 && !all.notes.empty())
    return fail(Errc::damaged, printable(name) + ": " + all.notes.front().what);
  // What is said of an image that is at hand is a claim; of a document alone nothing else is known.
  for (Package& one : all.packages) one.claimed = !image.claimed_by.empty();
  return all;
}

}  // namespace

Result<Inventory> catalog_document(const Image& image, PackageTypes types) {
  const Timer timer("catalog/document");
  Inventory all = TRY(named_packages(image));
  all.notes.insert(all.notes.end(), image.notes.begin(), image.notes.end());
  note_disagreement(all);
  set_distro(all);
  if (types == PackageTypes::system) {
    std::erase_if(all.packages, [](const Package& one) { return !is_of_system(one); });
    all.notes.push_back(
        {Path(), Why::unasked, "only packages of the operating system were looked for (--pkg-types os)"});
  }
  for (Package& one : all.packages) {
    if (one.purl.empty()) one.purl = purl(one, all.distro);
  }
  const auto order = [](const Package& one) {
    return std::tie(one.type, one.name, one.version, one.arch, one.path, one.purl);
  };
  std::ranges::stable_sort(all.packages, {}, order);
  // Several attestations about one image name the same packages.
  const auto twice = std::ranges::unique(all.packages, {}, order);
  all.packages.erase(twice.begin(), twice.end());
  std::ranges::sort(all.notes);
  return all;
}

}  // namespace peekr
