// SPDX-License-Identifier: Apache-2.0
#include "match/maven.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "version/scheme.h"

namespace peekr {
namespace {

// A distribution's part, and what records name of the same release instead of it: the whole, and another artifact of the same sources.
struct Part {
  std::string_view name, whole;
};
constexpr auto kParts = std::to_array<Part>({
    {"apache-cassandra:apache-cassandra", "org.apache.cassandra:cassandra-all"},
    {"org.apache.tomcat:catalina", "org.apache.tomcat.embed:tomcat-embed-core"},
    {"org.apache.tomcat:catalina", "org.apache.tomcat:tomcat"},
    {"org.apache.tomcat:tomcat-catalina", "org.apache.tomcat.embed:tomcat-embed-core"},
    {"org.apache.tomcat:tomcat-catalina", "org.apache.tomcat:tomcat"},
});

std::string_view artifact_of(std::string_view name) { return name.substr(name.rfind(':') + 1); }
std::string_view group_of(std::string_view name) {
  return name.substr(0, std::min(name.rfind(':'), name.size()));
}

bool is_below(std::string_view group, std::string_view other) {
  return group.starts_with(other) && (group.size() == other.size() || group[other.size()] == '.');
}

bool may_mean(std::string_view name, std::string_view other) {
  const std::string_view group = group_of(name), its = group_of(other);
  return group == artifact_of(name) || is_below(group, its) || is_below(its, group);
}

// In Maven's early years a group was called like its artifact; most have moved below a domain of their own since ("dom4j", "org.dom4j").
bool may_have_moved(std::string_view name, std::string_view other) {
  const std::string_view group = group_of(name), its = group_of(other);
  return group == artifact_of(name) && its.size() > group.size() && its.ends_with(group) &&
         its[its.size() - group.size() - 1] == '.';
}

// By what the whole has, and nothing that bears its own name.
bool is_of_whole(const Package& package, const Finding& finding) {
  return std::ranges::all_of(finding.proofs,
                             [&](const Proof& proof) { return is_part_of(package.name, proof.key); });
}

// One vulnerability in one release of one group in one file or, behind a slash, in one folder.
using Place = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;

// Whether the file is the package, not an archive that holds it somewhere: "tomcat-coyote-9.0.30.jar", "catalina.jar" of tomcat-catalina.
bool is_own_jar(const Package& package) {
  std::string_view stem = package.path.name();
  if (!stem.ends_with(".jar")) return false;
  stem.remove_suffix(4);
  const std::string_view artifact = artifact_of(package.name);
  return !stem.empty() && (stem.starts_with(artifact) || artifact.ends_with(stem));
}

// What one archive holds lies together, and what lies in one folder as jars of their own. A document's word has no place.
std::vector<Place> places_of(const Package& package, const Finding& finding) {
  const std::string_view path = package.path.str();
  if (package.type != "maven" || path.empty() || package.claimed) return {};
  std::vector<Place> all{{finding.id, package.version, group_of(package.name), path}};
  if (is_own_jar(package)) {
    all.push_back(all.front());
    std::get<3>(all.back()) = path.substr(0, path.rfind('/') + 1);
  }
  return all;
}

// Whether who reads the one finding alone hears no less than of both: no lower fix, nothing milder, nothing less sure.
bool covers(const Finding& finding, const Finding& other) {
  const Scheme* scheme = find_scheme("maven");
  if (finding.fixed_in.empty() != other.fixed_in.empty()) return false;
  if (finding.fixed_in != other.fixed_in) {
    const auto order = scheme->compare(finding.fixed_in, other.fixed_in);
    if (!order || *order == std::strong_ordering::less) return false;
  }
  return finding.kind == other.kind && finding.standing == other.standing &&
         finding.severity >= other.severity && finding.cvss >= other.cvss &&
         finding.confidence <= other.confidence && other.dissents.empty() && other.extended_fixes.empty();
}

void take_words(Finding& finding, const Finding& other) {
  finding.names.insert(finding.names.end(), other.names.begin(), other.names.end());
  sort_unique(finding.names);
  for (const Proof& one : other.proofs) {
    if (std::ranges::find(finding.proofs, one.advisory, &Proof::advisory) == finding.proofs.end())
      finding.proofs.push_back(one);
  }
  for (const Grade& one : other.grades) {
    const bool has = std::ranges::any_of(finding.grades, [&](const Grade& its) {
      return its.source == one.source && its.advisory == one.advisory;
    });
    if (!has) finding.grades.push_back(one);
  }
}

}  // namespace

bool is_part_of(std::string_view name, std::string_view whole) {
  return std::ranges::any_of(kParts, [&](const Part& one) { return one.name == name && one.whole == whole; });
}

void leave_to_neighbours(const std::vector<Package>& packages, std::vector<Finding>& findings) {
  const auto package_of = [&](const Finding& one) -> const Package& { return packages[one.package]; };
  const auto is_left = [&](const Finding& one) {
    return package_of(one).type == "maven" && is_of_whole(package_of(one), one);
  };
  if (std::ranges::none_of(findings, is_left)) return;
  std::map<Place, Finding*> told;  // of jars that bear a name that records have
  for (Finding& one : findings) {
    if (is_left(one)) continue;
    for (const Place& place : places_of(package_of(one), one)) told.emplace(place, &one);
  }
  std::vector<const Finding*> left;
  for (const Finding& one : findings) {
    if (!is_left(one)) continue;
    for (const Place& place : places_of(package_of(one), one)) {
      const auto found = told.find(place);
      if (found == told.end() || !covers(*found->second, one)) continue;
      left.push_back(&one);
      take_words(*found->second, one);
      break;
    }
  }
  std::erase_if(findings, [&](const Finding& one) { return std::ranges::binary_search(left, &one); });
}

Status take_names(const Db& db, Scope& scope) {
  for (const std::string& ecosystem : scope.ecosystems) {
    const std::vector<std::string> names = TRY(db.packages(ecosystem));
    for (const std::string& name : names) scope.names.emplace(artifact_of(name), name);
  }
  return {};
}

std::vector<Subject> subjects(const Scope& scope, const Package& package) {
  std::vector<Subject> all = subjects(*scope.row, package);
  if (scope.tells_epochs && !package.epoch) {
    for (Subject& one : all) one.order.epochs = Order::Epochs::as_written;
  }
  if (scope.of_any_system && !package.by_content) {
    for (Subject& one : all) one.system = {};
  }
  const auto [from, to] = scope.names.equal_range(artifact_of(package.name));
  const bool is_known = std::any_of(from, to, [&](const auto& one) { return one.second == package.name; });
  std::vector<Subject> others;
  for (auto at = from; at != to; ++at) {
    if (!(is_known ? may_have_moved : may_mean)(package.name, at->second)) continue;
    others.push_back(all.front());
    others.back().key = at->second;
  }
  for (const Part& one : kParts) {
    if (one.name != package.name) continue;
    others.push_back(all.front());
    others.back().key = one.whole;
  }
  if (others.empty()) return all;
  if (is_known) others.insert(others.begin(), std::move(all.front()));
  return others;
}

}  // namespace peekr
