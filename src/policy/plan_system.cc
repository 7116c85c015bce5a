// SPDX-License-Identifier: Apache-2.0
// By what a system's packages go to other versions, also where somebody keeps them in theirs: dpkg's "hold", which apt-get(8) keeps to
// unless it is told otherwise; a version in etc/apk/world (apk-world(5)), which "apk upgrade" keeps to, and "apk add" replaces.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/root.h"
#include "model/upgrade.h"
#include "policy/plan.h"
#include "version/scheme.h"

namespace peekr {
namespace {

// Whether "=8.4.0-r0", "@edge<9", "~8.4" is against that version. ">8" is not; "><Q1..." is one very file.
bool is_against(std::string_view pin, const std::string& to) {
  const std::size_t at = std::min(pin.find_first_of("=<>~"), pin.size());
  const std::size_t end = std::min(pin.find_first_not_of("=<>~", at), pin.size());
  const std::string_view sign = pin.substr(at, end - at), version = pin.substr(end);
  if (sign.empty() || sign == "><") return !sign.empty();
  if (sign.find('~') != std::string_view::npos) return !to.starts_with(version);
  if (sign == "=") return to != version;
  const auto order = find_scheme("apk")->compare(to, version);
  return sign.front() == '<' && order != std::strong_ordering::less &&
         !(sign == "<=" && order == std::strong_ordering::equal);
}

// What the command is made of: names; of apk "'curl>=8.5.0-r0'"; and which are kept in their versions.
struct Names {
  std::vector<std::string> plain, pinned, kept;
  std::size_t odd = 0;
};

void add_name(const Package& package, std::string name, const std::string& to, Names& names) {
  const bool against = package.type == "apk" && is_against(package.pin, to);
  const std::string tag = package.pin.substr(0, package.pin.find_first_of("=<>~"));  // "@edge"
  if (name.empty() || (against && (!is_plain(to) || !(tag.empty() || is_plain(tag.substr(1))))))
    return static_cast<void>(++names.odd);
  if (against || (package.type == "deb" && package.pin == "hold")) names.kept.push_back(name);
  against ? names.pinned.push_back("'" + name + tag + ">=" + to + "'")
          : names.plain.push_back(std::move(name));
}

Names names_of(const std::vector<Package>& packages, const Remediation::Action& action) {
  const std::string native = native_architecture(packages);
  Names names;
  for (const Remediation::Step& step : action.steps) {
    for (const std::size_t index : step.packages)
      add_name(packages[index], name_in_command(packages[index], native), step.to, names);
  }
  for (std::vector<std::string>* one : {&names.plain, &names.pinned, &names.kept}) sort_unique(*one);
  return names;
}

}  // namespace

std::string native_architecture(const std::vector<Package>& packages) {
  for (const std::string_view name : {"dpkg", "apt"}) {
    const auto is_it = [&](const Package& one) {
      return one.type == "deb" && one.name == name && root_of(one).empty();
    };
    const auto found = std::ranges::find_if(packages, is_it);
    if (found != packages.end()) return found->arch;
  }
  return {};
}

std::string name_in_command(const Package& package, std::string_view native) {
  if (!is_plain(package.name)) return {};
  const bool foreign = package.type == "deb" && !native.empty() && !package.arch.empty() &&
                       package.arch != native && package.arch != "all";
  if (!foreign) return package.name;
  return is_plain(package.arch) ? package.name + ":" + package.arch : "";
}

void add_system_command(const std::vector<Package>& packages, Remediation::Action& action) {
  const std::string command = upgrade_command(action.type, packages);
  if (command.empty()) {
    action.words =
        "build the image again on a base image that has them; the image has no package manager of its own";
    return;
  }
  const Names names = names_of(packages, action);
  const bool held = action.type == "deb" && !names.kept.empty();
  std::vector<std::string> parts, words;
  // Those first: others may be of the same source, and have to go with them.
  if (!names.pinned.empty()) parts.push_back("apk add --no-cache " + join(names.pinned, " "));
  if (!names.plain.empty())
    parts.push_back(command + (held ? " --allow-change-held-packages " : " ") + join(names.plain, " "));
  action.command = join(parts, " && ");
  if (names.odd > 0)
    words.push_back(std::to_string(names.odd) + " packages have names that may not stand in a command");
  if (!names.kept.empty())
    words.push_back("somebody keeps these in their versions (" +
                    std::string(held ? "dpkg's hold" : "etc/apk/world") +
                    "), and the command does not: " + join(names.kept, ", "));
  action.words = join(words, "; ");
}

}  // namespace peekr
