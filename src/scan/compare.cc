// SPDX-License-Identifier: Apache-2.0
#include "scan/compare.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "scan/drift.h"

namespace peekr {
namespace {

using How = Comparison::How;
using Cause = Comparison::Cause;
using State = Comparison::State;
using Change = Comparison::Change;

// What one report says of the packages of one source.
struct Side {
  std::vector<std::string> versions;
  std::vector<State> states;  // one for each vulnerability
};
struct Sides {
  std::string name;  // of the source, in the first spelling that there is
  Side before, after;
};
using BySource = std::map<std::pair<std::string, std::string>, Sides>;  // by type and comparable source

Sides& sides_of(const Package& package, BySource& by_source) {
  const std::string& name = package.source.empty() ? package.name : package.source;
  Sides& sides = by_source[{package.type, comparable_name(package.type, name)}];
  if (sides.name.empty()) sides.name = name;
  return sides;
}

std::string version_of(const Package& package) {
  return package.source_version.empty() ? full_version(package) : package.source_version;
}

// Reported before suppressed, then the gravest.
bool weighs_more(const State& a, const State& b) {
  if ((a.suppressed == nullptr) != (b.suppressed == nullptr)) return a.suppressed == nullptr;
  return a.finding->severity > b.finding->severity;
}

void add_side(const Report& report, Side Sides::* side, BySource& by_source) {
  const std::vector<Package>& packages = report.inventory.packages;
  for (const Package& one : packages) (sides_of(one, by_source).*side).versions.push_back(version_of(one));
  const auto add = [&](const Finding& finding, const Suppressed* suppressed) {
    Side& of = sides_of(packages[finding.package], by_source).*side;
    of.states.push_back({.finding = &finding, .suppressed = suppressed});
  };
  for (const Finding& one : report.findings.list) add(one, nullptr);
  for (const Suppressed& one : report.findings.suppressed) add(one.finding, &one);
}

// One state for each vulnerability: the one that weighs most.
void settle(Side& side) {
  sort_unique(side.versions);
  std::ranges::stable_sort(side.states, {},
                           [](const State& one) { return std::string_view(one.finding->id); });
  std::vector<State> settled;
  for (State& one : side.states) {
    if (settled.empty() || settled.back().finding->id != one.finding->id) {
      settled.push_back(std::move(one));
    } else if (weighs_more(one, settled.back())) {
      settled.back() = std::move(one);
    }
  }
  for (State& one : settled) one.versions = side.versions;
  side.states = std::move(settled);
}

bool is_reported(const State& state) { return state.finding != nullptr && state.suppressed == nullptr; }

bool is_users(const State& state) {
  return state.suppressed != nullptr && state.suppressed->rule >= Suppressed::Rule::filter;
}

std::string fix_of(const Finding& one) {
  return one.fixed_in.empty() ? "none (" + std::string(name(one.standing)) + ")" : one.fixed_in;
}

// What of it has changed that somebody would act on; empty: nothing.
std::string difference(const Finding& before, const Finding& after) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view what, const std::string& was, const std::string& is) {
    if (was != is) parts.push_back(std::string(what) + " was " + was + " and is now " + is);
  };
  add("severity", std::string(name(before.severity)), std::string(name(after.severity)));
  add("the fix", fix_of(before), fix_of(after));
  const bool was = kev_of(before.risks) != nullptr, is = kev_of(after.risks) != nullptr;
  if (was != is) parts.emplace_back(is ? "now known to be exploited (KEV)" : "no longer in KEV");
  return join(parts, "; ");
}

std::string versions_text(const State& before, const State& after) {
  if (before.versions.empty()) return "the package came";
  if (after.versions.empty()) return "the package went";
  return join(before.versions, ", ") + " is now " + join(after.versions, ", ");
}

// Of a vulnerability that is reported on one side only.
std::string reason(const Change& change) {
  const State& other = change.how == How::came ? change.before : change.after;
  const std::string then = change.how == How::came ? "was " : "is now ";
  if (change.cause == Cause::image) return versions_text(change.before, change.after);
  if (other.suppressed != nullptr)
    return then + "suppressed (" + std::string(name(other.suppressed->rule)) +
           "): " + other.suppressed->reason;
  if (change.how == How::went) return "the same version is not found affected any more";
  const std::string& published = change.after.finding->published;
  return "the same version was not found affected" +
         (published.empty() ? "" : "; published " + published.substr(0, 10));
}

// Nothing: it is the same in both.
std::optional<Change> change_of(State before, State after) {
  const bool was = is_reported(before), is = is_reported(after);
  if (!was && !is) return std::nullopt;
  Change change{.how = was ? is ? How::changed : How::went : How::came};
  const bool same = before.versions == after.versions;
  change.cause = is_users(before) || is_users(after) ? Cause::rules : same ? Cause::advisories : Cause::image;
  change.before = std::move(before);
  change.after = std::move(after);
  change.why = was && is ? difference(*change.before.finding, *change.after.finding) : reason(change);
  if (change.why.empty()) return std::nullopt;
  change.id = (is ? change.after : change.before).finding->id;
  return change;
}

// The state of the same vulnerability, by any of its names.
using Index = std::unordered_map<std::string_view, std::size_t>;
std::optional<std::size_t> find(const Index& index, const Finding& finding) {
  if (const auto found = index.find(finding.id); found != index.end()) return found->second;
  for (const std::string& other : finding.names) {
    if (const auto found = index.find(other); found != index.end()) return found->second;
  }
  return std::nullopt;
}

void compare_states(Sides& sides, Comparison& all, std::vector<Change>& changes) {
  Index index;
  for (std::size_t i = 0; i < sides.before.states.size(); ++i) {
    index.emplace(sides.before.states[i].finding->id, i);
    for (const std::string& other : sides.before.states[i].finding->names) index.emplace(other, i);
  }
  std::vector<bool> met(sides.before.states.size());
  const auto add = [&](State before, State after) {
    const bool both = is_reported(before) && is_reported(after);
    if (std::optional<Change> change = change_of(std::move(before), std::move(after))) {
      changes.push_back(*std::move(change));
    } else if (both) {
      ++all.stayed;
    }
  };
  for (State& after : sides.after.states) {
    const std::optional<std::size_t> at = find(index, *after.finding);
    State before{.versions = sides.before.versions};
    if (at) {
      met[*at] = true;
      before = sides.before.states[*at];
    }
    add(std::move(before), std::move(after));
  }
  for (std::size_t i = 0; i < met.size(); ++i) {
    if (!met[i]) add(std::move(sides.before.states[i]), {.versions = sides.after.versions});
  }
}

// Where the package has another version, too, it may have come by either: what was published only later is told.
void add_day(const std::string& since, Change& change) {
  if (change.how != How::came || change.cause != Cause::image || change.before.versions.empty()) return;
  const std::string day = change.after.finding->published.substr(0, 10);
  if (day > since.substr(0, 10)) change.why += "; published " + day + ", after the first scan";
}

bool comes_before(const Change& a, const Change& b) {
  constexpr int kPlaces[] = {0, 2, 1};  // what came, what changed, what went
  const auto grade = [](const Change& one) {
    const Finding& finding = *(is_reported(one.after) ? one.after : one.before).finding;
    return finding.kind == Advisory::Kind::malware ? 6 : static_cast<int>(finding.severity);
  };
  const int x = kPlaces[static_cast<int>(a.how)], y = kPlaces[static_cast<int>(b.how)];
  if (x != y) return x < y;
  if (grade(a) != grade(b)) return grade(a) > grade(b);
  return std::tie(a.id, a.type, a.package) < std::tie(b.id, b.type, b.package);
}

}  // namespace

Comparison compare(const Report& before, const Report& after) {
  const bool document = before.image.kind == "sbom" || after.image.kind == "sbom";
  const Copies copies = document ? Copies::as_one : Copies::each;
  Comparison all{.drift = drift(before.inventory, after.inventory, copies)};
  BySource by_source;
  add_side(before, &Sides::before, by_source);
  add_side(after, &Sides::after, by_source);
  for (auto& [key, sides] : by_source) {
    settle(sides.before);
    settle(sides.after);
    std::vector<Change> changes;
    compare_states(sides, all, changes);
    for (Change& one : changes) {
      one.type = key.first;
      one.package = sides.name;
      add_day(before.created, one);
      all.changes.push_back(std::move(one));
    }
  }
  std::ranges::sort(all.changes, comes_before);
  return all;
}

}  // namespace peekr
