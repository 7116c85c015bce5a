// SPDX-License-Identifier: Apache-2.0
#include "policy/needs.h"

#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

// "/usr/bin/gpg2", "usr/bin/gpg2": "/gpg2"
std::string name_of_file(std::string_view path) {
  return "/" + std::string(path.substr(path.rfind('/') + 1));
}

void add(PackageIndex& index, std::string name, std::size_t package) {
  std::vector<std::size_t>& at = index[std::move(name)];
  if (at.empty() || at.back() != package) at.push_back(package);  // many a time the same
}

// What a need names: of "a|b" both.
std::vector<std::string> names_needed(std::string_view need) {
  std::vector<std::string> all;
  for (const std::string_view name : split(need, '|')) {
    all.emplace_back(name);
    if (name.starts_with('/')) all.push_back(name_of_file(name));
  }
  return all;
}

// Few of an image's files are needed by their names, and only rpm knows such a need: apk's "/bin/sh" is what a package provides.
std::set<std::string> files_needed(const std::vector<Package>& packages, std::string_view type) {
  std::set<std::string> all;
  if (type != "rpm") return all;
  for (const Package& package : packages) {
    for (const std::string& need : package.needs) {
      for (const std::string_view name : split(need, '|')) {
        if (name.starts_with('/')) all.insert(name_of_file(name));
      }
    }
  }
  return all;
}

}  // namespace

PackageIndex by_answer(const std::vector<Package>& packages, std::string_view type) {
  PackageIndex all;
  const std::set<std::string> files = files_needed(packages, type);
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Package& package = packages[i];
    if (package.type != type || !is_of_system(package)) continue;
    add(all, package.name, i);
    for (const std::string& name : package.provides) add(all, name, i);
    if (files.empty()) continue;
    for (const std::string_view file : package.files) {
      if (std::string name = name_of_file(file); files.contains(name)) add(all, std::move(name), i);
    }
  }
  return all;
}

PackageIndex by_need(const std::vector<Package>& packages, const std::vector<std::size_t>& of) {
  PackageIndex all;
  for (const std::size_t i : of) {
    for (const std::string& need : packages[i].needs) {
      for (std::string& name : names_needed(need)) add(all, std::move(name), i);
    }
  }
  return all;
}

std::vector<std::string> answers_of(const Package& package) {
  std::vector<std::string> all = package.provides;
  all.push_back(package.name);
  for (const std::string_view file : package.files) all.push_back(name_of_file(file));
  return all;
}

std::set<std::size_t> with_needs(const std::vector<Package>& packages, PackageIndex answers,
                                 std::vector<std::size_t> of, OfSeveral which) {
  std::set<std::size_t> all(of.begin(), of.end());
  while (!of.empty()) {
    const Package& package = packages[of.back()];
    of.pop_back();
    for (const std::string& need : package.needs) {
      for (const std::string& name : names_needed(need)) {
        const auto found = answers.extract(name);  // each is looked at once
        if (found.empty() || (which == OfSeveral::none && found.mapped().size() > 1)) continue;
        for (const std::size_t i : found.mapped()) {
          if (all.insert(i).second) of.push_back(i);
        }
      }
    }
  }
  return all;
}

}  // namespace peekr
