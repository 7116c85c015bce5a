// SPDX-License-Identifier: Apache-2.0
#include "catalog/lost.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "catalog/owner.h"

namespace peekr {
namespace {

// Where a database and what belongs to it lies: "var/lib/dpkg", also for the files of its status.d.
std::string_view home_of(const Found& found) {
  constexpr std::string_view kParts = "/status.d";
  std::string_view folder = found.path.folder();
  if (folder.ends_with(kParts)) folder.remove_suffix(kParts.size());
  return folder;
}

// The type of the system packages that a file declares; empty: it is no such database.
std::string_view type_of(const Found& found) {
  const std::vector<Package>& packages = found.inventory->packages;
  const auto one = std::ranges::find_if(packages, is_of_system);
  return one == packages.end() ? std::string_view() : std::string_view(one->type);
}

std::set<std::string_view> lost_homes(const std::vector<Found>& all, const Systems& there) {
  std::set<std::string_view> homes;
  for (const Found& found : all) {
    const std::string_view type = type_of(found);
    if (!type.empty() && !there.contains({type, root_above(found.path.str())})) homes.insert(home_of(found));
  }
  return homes;
}

bool lies_in(const std::set<std::string_view>& homes, std::string_view path) {
  return std::ranges::any_of(homes, [&](std::string_view home) {
    return path.size() > home.size() && path.starts_with(home) && (home.empty() || path[home.size()] == '/');
  });
}

bool says_nothing(const Found& found) {
  return found.inventory->packages.empty() && found.inventory->claims.empty();
}

std::size_t packages_of(const Found& found) {
  return static_cast<std::size_t>(std::ranges::count_if(found.inventory->packages, is_of_system));
}

using Copies = std::vector<Found>::const_iterator;

// Of the copies of one file, lowest first: the highest that says something; `to` where there is none, and where the final tree
// has the file and it is no database: a list of files that is there is read anyway.
Copies highest_copy(Copies from, Copies to) {
  const bool there = std::prev(to)->visible;
  for (auto copy = to; copy != from;) {
    --copy;
    if (!copy->visible && !(there ? type_of(*copy).empty() : says_nothing(*copy))) return copy;
  }
  return to;
}

}  // namespace

std::string_view root_above(std::string_view database) {
  constexpr std::array<std::string_view, 4> kTops = {"var/", "usr/", "lib/", "etc/"};
  for (std::size_t at = 0; at < database.size(); at = std::min(database.find('/', at), database.size()) + 1) {
    const bool top =
        std::ranges::any_of(kTops, [&](auto one) { return database.substr(at).starts_with(one); });
    if (top) return database.substr(0, at == 0 ? 0 : at - 1);
  }
  return {};
}

Recovery recover(const Tree& tree, const Systems& there) {
  const std::vector<Found>& all = tree.found();
  const std::set<std::string_view> homes = lost_homes(all, there);
  Recovery recovery;
  for (auto from = all.begin(); !homes.empty() && from != all.end();) {
    const auto to = std::find_if(from, all.end(), [&](const Found& one) { return one.path != from->path; });
    const auto used = highest_copy(from, to);
    if (used != to && lies_in(homes, from->path.str())) {
      recovery.files.push_back({&*used, {from, used}});
      if (const std::size_t packages = packages_of(*used); packages > 0) {
        recovery.databases.push_back(
            {.how = std::prev(to)->visible ? LostDatabase::How::emptied : LostDatabase::How::deleted,
             .path = used->path,
             .layer = used->layer,
             .packages = packages});
      }
    }
    from = to;
  }
  return recovery;
}

void drop_unfounded(const Tree& tree, std::vector<LostDatabase>& databases, std::vector<Package>& packages) {
  std::set<Path> unfounded;
  for (const LostDatabase& lost : databases) unfounded.insert(lost.path);
  for (const Package& package : packages) {
    if (unfounded.contains(package.path) && any_file_left(tree, package)) unfounded.erase(package.path);
  }
  std::erase_if(databases, [&](const LostDatabase& one) { return unfounded.contains(one.path); });
  std::erase_if(packages,
                [&](const Package& one) { return is_of_system(one) && unfounded.contains(one.path); });
}

Note note_of(const LostDatabase& lost) {
  return {lost.path, Why::suspicious,
          std::string("package database: ") +
              (lost.how == LostDatabase::How::deleted ? "deleted" : "emptied") +
              " by a higher layer; the copy of layer " + std::to_string(lost.layer) +
              " was used, packages: " + std::to_string(lost.packages)};
}

std::vector<Distro> lost_distros(const Tree& tree) {
  std::vector<Distro> all;
  const std::vector<Found>& found = tree.found();
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool highest = i + 1 == found.size() || found[i + 1].path != found[i].path;
    if (highest && !found[i].visible && found[i].inventory->distro)
      all.push_back(*found[i].inventory->distro);
  }
  return all;
}

}  // namespace peekr
