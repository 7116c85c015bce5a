// SPDX-License-Identifier: Apache-2.0
// The gates, in the order in which their exit codes win: malware, findings, end of life, incomplete. All that were hit
// are told.
#include "policy/policy.h"

#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "model/end_of_life.h"

namespace peekr {
namespace {

constexpr int kGateHit = 2;
constexpr int kIncomplete = 4;
constexpr std::size_t kMostUnidentified = 25;  // percent of all executables

struct Gate {
  int code = 0;
  std::string reason;  // empty: not hit
};

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

// The day since which something could be done about it: that of the fix, else that of the vulnerability.
bool in_grace(const Finding& finding, const Policy& policy) {
  const std::int64_t days = policy.grace[static_cast<std::size_t>(at_gate(finding.severity))];
  if (days == 0 || finding.kind == Advisory::Kind::malware) return false;
  const std::string& since = finding.fix_published.empty() ? finding.published : finding.fix_published;
  const std::optional<std::int64_t> age = days_between(since, policy.today);
  return age && *age < days;
}

// Why what reaches the gate does not hit it, by how many.
struct Spared {
  std::size_t base = 0, grace = 0;
};

struct Counted {
  std::size_t vulnerabilities = 0, malware = 0;
  Spared spared;
};

Counted count_at_gate(const Report& report, const Policy& policy) {
  Counted counted;
  for (const Finding& finding : report.findings.list) {
    const Package& package = report.inventory.packages[finding.package];
    const bool base = is_of_base(report.image, package.layer);
    const Facts facts{.finding = finding, .package = package, .base = base, .today = policy.today};
    const bool malware = finding.kind == Advisory::Kind::malware;
    if (!malware && policy.fail_on && !policy.fail_on->holds(facts)) continue;
    if (base && !policy.fail_on_base) {
      ++counted.spared.base;
    } else if (in_grace(finding, policy)) {
      ++counted.spared.grace;
    } else {
      ++(malware ? counted.malware : counted.vulnerabilities);
    }
  }
  return counted;
}

std::string condition(const Policy& policy) {
  if (!policy.fail_on) return {};
  if (const std::optional<Severity> severity = policy.fail_on->sole_severity())
    return " of at least " + std::string(name(*severity));
  return ": " + policy.fail_on->text();
}

Gate findings_gate(const Counted& at_gate_, const Policy& policy) {
  if (at_gate_.vulnerabilities == 0) return {};
  const bool severity = !policy.fail_on || policy.fail_on->sole_severity();
  return {policy.exit_code.value_or(kGateHit), (severity ? "severity: " : "condition: ") +
                                                   counted(at_gate_.vulnerabilities, "finding") +
                                                   condition(policy)};
}

// A package that is an attack has no severity: it hits every gate on findings.
Gate malware_gate(const Counted& at_gate_, const Policy& policy) {
  if (at_gate_.malware == 0) return {};
  return {policy.exit_code.value_or(kGateHit), "malware: " + counted(at_gate_.malware, "malicious package")};
}

// What reached the gate and was let through is told.
void tell_spared(const Spared& spared, std::vector<std::string>& remarks) {
  if (spared.base > 0)
    remarks.push_back(counted(spared.base, "finding") +
                      " of the base image would hit the gate (--fail-on-base off)");
  if (spared.grace > 0)
    remarks.push_back(counted(spared.grace, "finding") + " would hit the gate, within the grace period");
}

Gate end_of_life_gate(const Inventory& inventory, const std::optional<EndOfLife>& end, const Policy& policy) {
  if (!policy.exit_on_eol || !end || !end->past) return {};
  const Distro& distro = *inventory.distro;
  const std::string system = distro.name.empty() ? distro.id + " " + distro.version_id : distro.name;
  std::string reason = "end of life: " + system + ": security support ended " + end->date;
  if (!end->extended.empty()) reason += " (extended support: " + end->extended + ")";
  return {*policy.exit_on_eol, std::move(reason)};
}

// A few executables that nobody knows are in every image; a large share of them means that what matters may be among them.
bool too_many_unidentified(const Completeness& all) {
  return all.unidentified.size() * 100 > all.executables * kMostUnidentified;
}

Gate incomplete_gate(const Inventory& inventory, const Findings& findings, const Policy& policy) {
  if (!policy.fail_on_incomplete) return {};
  const auto gap = [](const Note& note) { return incomplete(note.why); };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(inventory.notes, gap) +
                                              std::ranges::count_if(findings.notes, gap));
  std::vector<std::string> reasons;
  if (count > 0) reasons.push_back(counted(count, "note") + " on what could not be looked at or judged");
  const Completeness& all = inventory.completeness;
  if (!all.lost.empty())
    reasons.push_back(counted(all.lost.size(), "package database file") + " deleted or emptied");
  if (too_many_unidentified(all)) {
    reasons.push_back(std::to_string(all.unidentified.size()) + " of " +
                      counted(all.executables, "executable") + " not identified");
  }
  if (reasons.empty()) return {};
  return {kIncomplete, "incomplete: " + join(reasons, ", ")};
}

}  // namespace

Verdict judge(const Report& report, const Policy& policy) {
  Verdict verdict;
  const Inventory& inventory = report.inventory;
  if (inventory.distro) verdict.end_of_life = end_of_life(*inventory.distro, policy.today);
  Counted counted;
  if (policy.fail_on || policy.exit_code) counted = count_at_gate(report, policy);
  for (const Gate& gate : {malware_gate(counted, policy), findings_gate(counted, policy),
                           end_of_life_gate(inventory, verdict.end_of_life, policy),
                           incomplete_gate(inventory, report.findings, policy)}) {
    if (gate.reason.empty()) continue;
    if (verdict.exit_code == 0) verdict.exit_code = gate.code;
    verdict.reasons.push_back(gate.reason);
  }
  tell_spared(counted.spared, verdict.remarks);
  return verdict;
}

}  // namespace peekr
