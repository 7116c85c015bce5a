// SPDX-License-Identifier: Apache-2.0
#include "policy/plan.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "model/judged.h"
#include "model/root.h"
#include "model/upgrade.h"
#include "version/scheme.h"

namespace peekr {
namespace {

// Risks have one digit behind the point; so have their sums.
double sum_of(double a, double b) { return std::round((a + b) * 10) / 10; }

bool of_manager(const Package& package) { return has_upgrade_command(package.type); }

// Where composer.json is, in front of these; of a vendor folder that is called otherwise that is not known, and it is the file.
std::string composer_project(const std::string& path) {
  for (const std::string_view end : {"/vendor/composer/installed.json", "/composer.lock"}) {
    if (path.ends_with(end))
      return path.size() == end.size() ? "/" : path.substr(0, path.size() - end.size());
  }
  return path;
}

// The folder, program or archive in which it goes up with others; of a system's packages the root file system inside the image that has
// them, empty: the image's own.
std::string place_of(const Package& package) {
  const std::string_view path = package.path.str();
  if (of_manager(package)) return std::string(root_of(package).empty() ? "" : "/").append(root_of(package));
  if (package.type == "npm") return NodeModules::project_of(package);
  if (package.type == "composer") return composer_project("/" + std::string(path));
  if (const std::string_view home = Vendored::home_of(package); !home.empty())
    return "/" + std::string(home) + "/_vendor";
  const std::string_view end = package.type == "pypi"  ? "-packages/"
                               : package.type == "gem" ? "/specifications/"
                                                       : "";
  const std::size_t at = end.empty() ? std::string_view::npos : path.find(end);
  if (at == std::string_view::npos) return "/" + std::string(path);
  return "/" + std::string(path.substr(0, package.type == "gem" ? at : path.find('/', at)));
}

// Why no action can fix it, although a fix is known; empty: one can.
std::string obstacle(const Package& package, const Report& report, Means& means) {
  if (is_bundled(package)) return "in the Python package that brought it along: that is to be upgraded";
  if (package.owner) {
    const Package& owner = report.inventory.packages[*package.owner];
    return "installed by " + owner.type + " package " + owner.name + ", which nobody says to have fixed it";
  }
  if (std::string why = means.vendored.obstacle(package); !why.empty()) return why;
  const bool by_name = package.type == "npm" || package.type == "gem";
  if (by_name && (!is_safe(package.name) || !is_safe(package.version)))
    return "its name or version may not stand in a command";
  if (const std::string folder = NodeModules::name_of(package); package.type == "npm" && !is_safe(folder))
    return "the name of its folder, " + printable(folder) + ", may not stand in a command";
  if (package.type == "npm") return means.modules.obstacle(package);
  if (package.type == "gem" && package.path.str().find("/specifications/default/") != std::string::npos)
    return "comes with Ruby, and gem cannot take it out: only another version of Ruby can change it";
  return {};
}

constexpr const char* kNoneHasNone = "no version was found that has none";

// Whether the fix is above what is there so far.
bool is_higher(const Finding& finding, const std::string& than) {
  const Scheme* scheme = find_scheme(finding.proofs.front().scheme);
  return than.empty() ||
         (scheme != nullptr && scheme->compare(finding.fixed_in, than) == std::strong_ordering::greater);
}

// Vulnerabilities by package and what is to be said of them; a line each.
class Lines {
 public:
  void add(const Finding& finding, const Package& package, const std::string& why) {
    ids_[package.type + " " + package.name + " " + full_version(package) + (why.empty() ? "" : ": " + why)]
        .insert(finding.id);
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& [head, ids] : ids_) all.push_back(head + ": " + join({ids.begin(), ids.end()}, ", "));
    return all;
  }

 private:
  std::map<std::string, std::set<std::string>> ids_;
};

// A vulnerability of a source package, or of one package of a language in one place: what a step removes, and apart from that what of
// it stays in another copy.
enum class Then : std::uint8_t { gone, there };
using Once = std::tuple<std::string, std::string, std::string, std::string, std::string, Then>;

Once once(const Finding& finding, const Package& package, Then then) {
  return {package.type, place_of(package), source_of(package), source_version_of(package), finding.id, then};
}

// With the greatest risk of its binary packages.
void add_once(std::map<Once, double>& all, const Finding& finding, Once key) {
  double& risk = all[std::move(key)];
  risk = std::max(risk, finding.risk.total);
}

double sum_of(const std::map<Once, double>& all) {
  double sum = 0;
  for (const auto& [key, risk] : all) sum = sum_of(sum, risk);
  return sum;
}

void finish_command(const Report& report, Means& means, Remediation::Action& action) {
  if (action.type == kBaseImage) return;  // policy/rebase.cc
  if (const std::string_view root = means.root_around(action.where); !root.empty()) {
    // Whether what is there can be run is not known, nor by whom.
    action.words = "upgrade them where the root file system " + std::string(root) +
                   " is made, and build the image again: the image's own programs do not look into it";
    return;
  }
  action.where.empty() ? add_system_command(report.inventory.packages, action) : add_command(means, action);
}

}  // namespace

std::string source_of(const Package& package) {
  return of_manager(package) && !package.source.empty() ? package.source : package.name;
}

std::string source_version_of(const Package& package) {
  return of_manager(package) && !package.source_version.empty() ? package.source_version
                                                                : full_version(package);
}

Remediation drafted(const Report& report, Means& means) {
  std::map<std::tuple<std::string, std::string>, Remediation::Action> actions;  // type, where
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::size_t> steps;
  for (const Finding& finding : report.findings.list) {
    const Package& package = report.inventory.packages[finding.package];
    const bool malware = finding.kind == Advisory::Kind::malware;
    if (finding.fixed_in.empty() || malware || !obstacle(package, report, means).empty()) continue;
    const std::string where = place_of(package);
    Remediation::Action& action = actions[{package.type, where}];
    action.type = package.type;
    action.where = where;
    const std::string name = source_of(package), from = source_version_of(package);
    const auto [at, fresh] = steps.try_emplace({package.type, where, name, from}, action.steps.size());
    if (fresh) action.steps.push_back({.name = name, .from = from});
    Remediation::Step& step = action.steps[at->second];
    if (step.packages.empty() || step.packages.back() != finding.package)
      step.packages.push_back(finding.package);
    if (is_higher(finding, step.to)) step.to = finding.fixed_in;
  }
  Remediation plan;
  for (auto& [key, action] : actions) {
    for (Remediation::Step& step : action.steps) {
      std::ranges::sort(step.packages);
      const auto twice = std::ranges::unique(step.packages);
      step.packages.erase(twice.begin(), twice.end());
    }
    plan.actions.push_back(std::move(action));
  }
  return plan;
}

Inventory changed(const Inventory& present, const Remediation& plan) {
  Inventory inventory = judged(present);
  for (const Remediation::Action& action : plan.actions) {
    for (const Remediation::Step& step : action.steps) {
      for (const std::size_t index : step.packages) {
        Package& package = inventory.packages[index];
        // (an SBOM may not say which version the source has)
        const bool as_source = package.source_version.empty() || package.source_version == package.version ||
                               package.source_version == full_version(package) || !of_manager(package);
        std::string_view to = step.to;
        if (package.type == "rpm") {
          const auto [epoch, rest] = cut(to, ':');
          if (const auto number = rest.empty() ? std::nullopt : to_number(epoch)) {
            package.epoch = static_cast<std::uint32_t>(*number);
            to = rest;
          }
        }
        if (as_source || package.type == "rpm") package.version = to;
        if (!package.source_version.empty()) package.source_version = to;
      }
    }
  }
  return inventory;
}

bool raise(const Findings& left, Remediation& plan) {
  std::map<std::size_t, Remediation::Step*> steps;
  for (Remediation::Action& action : plan.actions) {
    for (Remediation::Step& step : action.steps) {
      for (const std::size_t index : step.packages) steps.emplace(index, &step);
    }
  }
  bool any = false;
  for (const Finding& one : left.list) {
    const auto step = steps.find(one.package);
    if (step == steps.end() || one.fixed_in.empty() || one.kind == Advisory::Kind::malware) continue;
    if (!is_higher(one, step->second->to)) continue;
    step->second->to = one.fixed_in;
    any = true;
  }
  return any;
}

void count_removed(const Report& report, const ByPackage& before, const ByPackage& left,
                   Remediation::Action& action) {
  for (Remediation::Step& step : action.steps) {
    std::map<std::string, const Finding*> gone;
    std::size_t base = 0;
    for (const std::size_t index : step.packages) {
      for (const Finding* one : before.of(index)) {
        if (left.holds(*one)) continue;
        const auto [at, fresh] = gone.emplace(one->id, one);
        if (!fresh && one->risk.total > at->second->risk.total) at->second = one;
        if (fresh && is_of_base(report.image, report.inventory.packages[index].layer)) ++base;
      }
    }
    std::vector<const Finding*> order;
    for (const auto& [id, one] : gone) order.push_back(one);
    std::ranges::stable_sort(order, std::ranges::greater(), &Finding::severity);
    for (const Finding* one : order) {
      step.removes.push_back(one->id);
      ++action.removes[static_cast<std::size_t>(one->severity)];
      action.risk = sum_of(action.risk, one->risk.total);
    }
    action.base += base;
  }
}

void settle(const Report& report, const Findings& left, Means& means, Remediation& plan) {
  const ByPackage after(left.list), before(report.findings.list);
  for (Remediation::Action& action : plan.actions) {
    count_removed(report, before, after, action);
    std::erase_if(action.steps, [](const Remediation::Step& step) { return step.removes.empty(); });
    std::ranges::stable_sort(action.steps, std::ranges::greater(),
                             [](const Remediation::Step& step) { return step.removes.size(); });
    finish_command(report, means, action);
  }
  std::erase_if(plan.actions, [](const Remediation::Action& action) { return action.steps.empty(); });
  std::ranges::stable_sort(plan.actions, std::ranges::greater(), &Remediation::Action::risk);
  sum_up(report, left, means, plan);
}

void sum_up(const Report& report, const Findings& left, Means& means, Remediation& plan) {
  const ByPackage after(left.list);
  ByPackage before(report.findings.list);
  Lines staying, brings;
  std::map<Once, double> now, then;
  std::set<std::size_t> moved;  // packages of languages
  for (const Remediation::Action& action : plan.actions) {
    if (action.type == kBaseImage || has_upgrade_command(action.type)) continue;
    for (const Remediation::Step& step : action.steps)
      moved.insert(step.packages.begin(), step.packages.end());
  }
  plan.unfixable.clear();
  for (const Finding& one : report.findings.list) {
    const Package& package = report.inventory.packages[one.package];
    const Then later = after.holds(one) ? Then::there : Then::gone;
    add_once(now, one, once(one, package, later));
    if (later == Then::gone) continue;
    add_once(then, one, once(one, package, later));
    if (one.kind == Advisory::Kind::malware) {
      staying.add(one, package, "the package is malware: remove it");
    } else if (one.fixed_in.empty()) {
      plan.unfixable.push_back(one.id);
    } else {
      const std::string why = obstacle(package, report, means);
      staying.add(one, package, why.empty() ? kNoneHasNone : why);
    }
  }
  plan.before = now.size();
  plan.after = then.size();
  plan.risk_before = sum_of(now);
  plan.risk_after = sum_of(then);
  before.add(report.findings.suppressed);
  for (const Finding& one : left.list) {
    if (!before.holds(one))
      brings.add(one, report.inventory.packages[one.package],
                 moved.contains(one.package) ? kNoneHasNone : "");
  }
  sort_unique(plan.unfixable);
  plan.staying = staying.texts();
  plan.brings = brings.texts();
}

}  // namespace peekr
