// SPDX-License-Identifier: Apache-2.0
#include "policy/rebase.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/upgrade.h"
#include "policy/held.h"
#include "policy/plan.h"
#include "version/scheme.h"

namespace peekr {
namespace {

// What stays the same from one version to the next.
using Key = std::tuple<std::string, std::string, std::string>;

std::string without(std::string text, std::string_view part) {
  for (std::size_t at = 0; !part.empty() && (at = text.find(part, at)) != std::string::npos;)
    text.erase(at, part.size());
  return text;
}

// Of a language's packages several versions may lie side by side; their folders and archives bear the version.
Key key_of(const Package& package) {
  return {package.type, package.name,
          is_of_system(package) ? package.arch : without(std::string(package.path.str()), package.version)};
}

// Those with that key, in their order.
class Places {
 public:
  explicit Places(const std::vector<Package>& all) {
    for (std::size_t i = all.size(); i-- > 0;) left_[key_of(all[i])].push_back(i);
  }
  std::optional<std::size_t> next(const Key& key) {
    const auto found = left_.find(key);
    if (found == left_.end() || found->second.empty()) return std::nullopt;
    const std::size_t at = found->second.back();
    found->second.pop_back();
    return at;
  }

 private:
  std::map<Key, std::vector<std::size_t>> left_;
};

std::optional<std::strong_ordering> order(const Package& a, const Package& b) {
  const Scheme* scheme = is_of_system(a) ? find_scheme(a.type) : nullptr;
  return scheme == nullptr ? std::nullopt : scheme->compare(full_version(a), full_version(b));
}

// "12" of Debian, "3.18" of Alpine, "9" of RHEL 9.4 and what is built from it: what keeps its packages' names and repositories.
std::string release_of(const Inventory& inventory) {
  if (!inventory.distro) return {};
  const Distro& distro = *inventory.distro;
  const std::vector<std::string_view> parts = split(distro.version_id, '.');
  const bool by_first =
      distro.id == "rhel" || std::ranges::find(distro.id_like, "rhel") != distro.id_like.end();
  std::string release = distro.id + " " + std::string(parts[0]);
  if (!by_first && parts.size() > 1) release += "." + std::string(parts[1]);
  return release;
}

using Numbers = std::vector<std::uint64_t>;

// "17.0.10+7": 17, 0, 10, 7. Two at least.
Numbers numbers_of(std::string_view version) {
  Numbers all;
  for (std::size_t at = 0; at < version.size();) {
    std::size_t end = at;
    while (end < version.size() && is_digit(version[end])) ++end;
    if (end > at) all.push_back(to_number(version.substr(at, end - at)).value_or(0));
    at = std::max(end, at + 1);
  }
  all.resize(std::max<std::size_t>(all.size(), 2));
  return all;
}

// The versions of what was found in the bytes of programs, by (type, name).
using Runtimes = std::map<std::pair<std::string, std::string>, std::set<Numbers>>;
Runtimes runtimes_of(const Inventory& inventory) {
  Runtimes all;
  for (const Package& package : inventory.packages) {
    if (package.by_content) all[{package.type, package.name}].insert(numbers_of(package.version));
  }
  return all;
}

// Node.js 20 is not what became of Node.js 18, nor Python 3.11 of 3.12.
bool has_other_runtime(const Inventory& present, const Inventory& other) {
  const Runtimes now = runtimes_of(other);
  return std::ranges::any_of(runtimes_of(present), [&](const auto& before) {
    const auto found = now.find(before.first);
    if (found == now.end()) return false;
    const Numbers &low = *before.second.begin(), &high = *found->second.rbegin();
    return *found->second.begin() < *before.second.rbegin() ||
           !std::equal(low.begin(), low.begin() + 2, high.begin());
  });
}

// The system's packages that `b` has not, with names without digits.
std::set<Key> only_in(const Inventory& a, const Inventory& b) {
  std::set<Key> others, only;
  for (const Package& package : b.packages) others.insert(key_of(package));
  for (const Package& package : a.packages) {
    Key key = key_of(package);
    if (!is_of_system(package) || others.contains(key)) continue;
    std::erase_if(std::get<1>(key), is_digit);
    only.insert(std::move(key));
  }
  return only;
}

// postgresql-15 went, and postgresql-16 came.
bool has_other_product(const Inventory& present, const Inventory& other) {
  const std::set<Key> came = only_in(other, present);
  return std::ranges::any_of(only_in(present, other), [&](const Key& one) { return came.contains(one); });
}

// Where the packages of `other` went: their owners are known by that.
void set_owners(const Inventory& other, const std::vector<std::optional<std::size_t>>& places,
                Inventory& now) {
  const auto place = [&](std::optional<std::size_t>& of) {
    of = of && *of < places.size() ? places[*of] : std::nullopt;
  };
  for (std::size_t i = 0; i < other.packages.size(); ++i) {
    if (!places[i]) continue;
    place(now.packages[*places[i]].owner);
    place(now.packages[*places[i]].altered);
  }
}

bool is_gone(const Package& package) { return package.type.empty(); }

// Names of repositories, for the rules that go by them.
void join_repositories(const Inventory& other, Inventory& now) {
  now.repositories.insert(now.repositories.end(), other.repositories.begin(), other.repositories.end());
  sort_unique(now.repositories);
}

// A step for each source package that is not what it was.
std::vector<Remediation::Step> steps_to(const Report& report, const Inventory& changed) {
  std::map<std::tuple<std::string, std::string, std::string>, Remediation::Step> steps;
  for (std::size_t i = 0; i < report.inventory.packages.size(); ++i) {
    const Package& package = report.inventory.packages[i];
    const std::string to = is_gone(changed.packages[i]) ? "" : source_version_of(changed.packages[i]);
    const std::string from = source_version_of(package), name = source_of(package);
    if (from == to) continue;
    Remediation::Step& step = steps[{package.type, name, from}];
    step.name = name;
    step.from = from;
    step.to = to;
    step.packages.push_back(i);
  }
  std::vector<Remediation::Step> all;
  for (auto& [key, step] : steps) all.push_back(std::move(step));
  return all;
}

// "61 of the 80 findings in the base image's layers go"
std::string share(const Report& report, const Findings& found) {
  const ByPackage after(found.list);
  std::size_t all = 0, gone = 0;
  for (const Finding& one : report.findings.list) {
    if (!is_of_base(report.image, report.inventory.packages[one.package].layer)) continue;
    ++all;
    if (!after.holds(one)) ++gone;
  }
  return std::to_string(gone) + " of the " + std::to_string(all) + " findings in the base image's layers go";
}

void say_it(const Report& report, const Findings& found, const OtherBase& other,
            Remediation::Action& action) {
  const bool moved = other.name == other.in_place_of;
  action.where = other.in_place_of;
  action.command = moved ? "docker build --pull ." : "FROM " + other.name;
  action.words = share(report, found) + "; " + other.name + " (" + other.digest + ")" +
                 (moved ? ", which is another image since," : "") + " was scanned before, and is judged now";
}

}  // namespace

Inventory base_part(const Report& report) {
  Inventory part;
  part.distro = report.inventory.distro;
  for (const Package& package : report.inventory.packages) {
    if (is_of_base(report.image, package.layer)) part.packages.push_back(package);
  }
  return part;
}

bool is_later(const Inventory& present, const Inventory& other) {
  if (release_of(present) != release_of(other) || has_other_runtime(present, other)) return false;
  if (has_other_product(present, other)) return false;
  Places places(present.packages);
  std::size_t both = 0, later = 0, earlier = 0;
  for (const Package& package : other.packages) {
    const std::optional<std::size_t> at = places.next(key_of(package));
    if (!at) continue;
    const Package& before = present.packages[*at];
    ++both;
    const std::optional<std::strong_ordering> which = order(package, before);
    if (which == std::strong_ordering::greater) ++later;
    if (which == std::strong_ordering::less) ++earlier;
  }
  const std::size_t most = std::max(present.packages.size(), other.packages.size());
  return later > earlier && both * 10 >= most * 9;
}

Inventory rebased(const Report& report, const Inventory& other) {
  Inventory now = report.inventory;
  Places places(report.inventory.packages);
  std::set<std::size_t> remnants;
  for (std::size_t i = 0; i < now.packages.size(); ++i) {
    Package& package = now.packages[i];
    if (package.remnant) remnants.insert(i);
    if (is_of_base(report.image, package.layer)) package = {};
  }
  std::vector<std::optional<std::size_t>> put(other.packages.size());
  for (std::size_t i = 0; i < other.packages.size(); ++i) {
    const std::size_t at = places.next(key_of(other.packages[i])).value_or(now.packages.size());
    if (at == now.packages.size()) now.packages.emplace_back();
    Package& here = now.packages[at];
    if (!is_gone(here) && order(other.packages[i], here) != std::strong_ordering::greater) continue;
    const bool remnant = remnants.contains(at);
    here = other.packages[i];
    here.layer = 0;
    here.remnant |= remnant;
    put[i] = at;
  }
  set_owners(other, put, now);
  now.distro = other.distro;
  join_repositories(other, now);
  for (Package& package : now.packages) {
    if (package.owner && is_gone(now.packages[*package.owner])) package.owner.reset();
  }
  return now;
}

Report on_base(const Report& report, Inventory changed, const Findings& found) {
  Report then{.image = report.image, .inventory = std::move(changed)};
  const ByPackage before(report.findings.list);
  for (const Finding& one : found.list) {
    if (before.holds(one)) {
      then.findings.list.push_back(one);
    } else {
      then.findings.suppressed.push_back({.rule = Suppressed::Rule::filter, .finding = one});
    }
  }
  return then;
}

double risk_of(const Report& report, const Findings& found) {
  ByPackage out;
  out.add(report.findings.suppressed);
  double sum = 0;
  for (const Finding& one : found.list) sum += out.holds(one) ? 0 : one.risk.total;
  return sum;
}

Remediation base_plan(const Report& report, const Inventory& changed, const Findings& found,
                      const OtherBase& other) {
  Report wide = report;  // with what only the other base has: it may bring findings
  const auto added = static_cast<std::ptrdiff_t>(report.inventory.packages.size());
  wide.inventory.packages.insert(wide.inventory.packages.end(), changed.packages.begin() + added,
                                 changed.packages.end());
  Remediation plan;
  Remediation::Action& action = plan.actions.emplace_back();
  action.type = kBaseImage;
  action.steps = steps_to(report, changed);
  say_it(report, found, other, action);
  Means means(wide.inventory.packages);
  settle(wide, found, means, plan);
  return plan;
}

Remediation joined(Remediation base, Remediation rest) {
  std::ranges::move(rest.actions, std::back_inserter(base.actions));
  std::ranges::move(rest.brings, std::back_inserter(base.brings));
  // A source package of which the other base has a part only counts twice there: once for each version.
  base.after = std::min(rest.after, base.before);
  base.risk_after = std::min(rest.risk_after, base.risk_before);
  base.unfixable = std::move(rest.unfixable);
  base.staying = std::move(rest.staying);
  return base;
}

}  // namespace peekr
