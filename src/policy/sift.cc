// SPDX-License-Identifier: Apache-2.0
// What the user's rules take out of the findings: exceptions, VEX, filters, then what an earlier report has.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "model/order.h"
#include "policy/baseline.h"
#include "policy/policy.h"

namespace peekr {
namespace {

using Rule = Suppressed::Rule;

// Why the filter does not want it; empty: it does.
std::string filtered(const Finding& finding, const Filter& filter) {
  if (finding.kind == Advisory::Kind::malware) return {};
  const bool wanted = filter.severities.empty() ||
                      std::ranges::find(filter.severities, finding.severity) != filter.severities.end();
  if (!wanted)
    return "its severity is " + std::string(name(finding.severity)) + ": not among those of --severity";
  const std::string_view status = status_of(finding);
  if (filter.only_fixed && finding.fixed_in.empty())
    return "it has no fix, and --only-fixed wants one: " + std::string(status);
  if (std::ranges::find(filter.statuses, status) != filter.statuses.end())
    return "its status is " + std::string(status) + ": one of --ignore-status";
  return {};
}

// How many findings a rule has taken out, or would have if it still held.
struct Use {
  std::size_t taken = 0, expired = 0;
};

std::optional<Suppressed> taken_out(const Finding& finding, const Report& report, const Policy& policy,
                                    std::vector<Use>& uses) {
  const std::vector<Exception>& rules = policy.exceptions.rules;
  const Taken taken = exception_for(finding, report, rules, policy.today);
  if (taken.by) {
    ++uses[*taken.by].taken;
    return Suppressed{.rule = Rule::exception, .finding = {}, .reason = words(rules[*taken.by])};
  }
  if (taken.expired) ++uses[*taken.expired].expired;
  if (const VexStatement* statement = statement_on(finding, report, policy.vex))
    return suppressed_by(*statement);
  if (std::string why = filtered(finding, policy.filter); !why.empty())
    return Suppressed{.rule = Rule::filter, .finding = {}, .reason = std::move(why)};
  const Package& package = report.inventory.packages[finding.package];
  if (policy.baseline && is_known(*policy.baseline, finding, package)) {
    return Suppressed{
        .rule = Rule::baseline,
        .finding = {},
        .reason = "known since " + policy.baseline->created.substr(0, 10) + ": " + policy.baseline->file};
  }
  return std::nullopt;
}

bool names_a_vulnerability(const Exception& rule) {
  return std::ranges::any_of(rule.demands, [](const Demand& demand) {
    return demand.what == Demand::What::id || demand.what == Demand::What::id_only;
  });
}

// `all`: how many findings there were.
std::vector<std::string> remarks(const Policy& policy, const std::vector<Use>& uses, std::size_t all) {
  std::vector<std::string> lines = policy.remarks;
  lines.insert(lines.end(), policy.exceptions.remarks.begin(), policy.exceptions.remarks.end());
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const Exception& rule = policy.exceptions.rules[i];
    const std::string head = rule.where + ": " + rule.about + ": ";
    const bool expired = has_expired(rule.expires, policy.today);
    if (expired) {
      const std::string would =
          uses[i].expired == 0
              ? ""
              : ", and would take out " + std::to_string(uses[i].expired) + " of what is listed";
      lines.push_back(head + "the exception has expired on " + rule.expires + would);
    } else if (uses[i].taken == 0) {
      lines.push_back(head + "the exception takes out nothing");
    } else if (uses[i].taken == all && all > 1 && !names_a_vulnerability(rule)) {
      lines.push_back(head + "the exception takes out all of the " + std::to_string(all) + " findings");
    }
  }
  return lines;
}

}  // namespace

std::vector<std::string> sift(Report& report, const Policy& policy) {
  std::vector<Use> uses(policy.exceptions.rules.size());
  std::vector<Finding> kept;
  std::vector<Suppressed>& out = report.findings.suppressed;
  const std::size_t own = out.size(), all = report.findings.list.size();
  for (Finding& finding : report.findings.list) {
    std::optional<Suppressed> rule = taken_out(finding, report, policy, uses);
    if (!rule) {
      kept.push_back(std::move(finding));
      continue;
    }
    rule->finding = std::move(finding);
    out.push_back(*std::move(rule));
  }
  report.findings.list = std::move(kept);
  if (out.size() > own)
    std::ranges::stable_sort(out, [&](const Suppressed& a, const Suppressed& b) {
      return finding_before(report.inventory.packages, a.finding, b.finding);
    });
  std::vector<std::string> lines = remarks(policy, uses, all);
  if (std::string other = policy.baseline ? remark_on(*policy.baseline, report.image) : ""; !other.empty())
    lines.insert(lines.begin(), std::move(other));
  std::ranges::move(unused(report, policy.vex), std::back_inserter(lines));
  return lines;
}

}  // namespace peekr
