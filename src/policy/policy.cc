// SPDX-License-Identifier: Apache-2.0
// The gates, in the order in which their exit codes win: malware, severity, end of life, incomplete. All that were hit
// are told.
#include "policy/policy.h"

#include <algorithm>

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

// A vulnerability that nobody has rated counts as low: a gate for low (or all) findings does not let it
// through, one for the bad ones does not stop every image for the newest CVEs, which nobody has rated yet.
Severity at_gate(Severity severity) { return severity == Severity::unknown ? Severity::low : severity; }

Gate severity_gate(const Findings& findings, const Policy& policy) {
  if (!policy.fail_on && !policy.exit_code) return {};
  const Severity threshold = policy.fail_on.value_or(Severity::unknown);
  const auto reaches = [&](const Finding& finding) {
    return finding.kind != Advisory::Kind::malware && at_gate(finding.severity) >= threshold;
  };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(findings.list, reaches));
  if (count == 0) return {};
  std::string reason = "severity: " + counted(count, "finding");
  if (threshold > Severity::unknown) reason += " of at least " + std::string(name(threshold));
  return {policy.exit_code.value_or(kGateHit), std::move(reason)};
}

// A package that is an attack has no severity: it hits every gate on findings.
Gate malware_gate(const Findings& findings, const Policy& policy) {
  if (!policy.fail_on && !policy.exit_code) return {};
  const auto count =
      static_cast<std::size_t>(std::ranges::count(findings.list, Advisory::Kind::malware, &Finding::kind));
  if (count == 0) return {};
  return {policy.exit_code.value_or(kGateHit), "malware: " + counted(count, "malicious package")};
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

Verdict judge(const Inventory& inventory, const Findings& findings, const Policy& policy) {
  Verdict verdict;
  if (inventory.distro) verdict.end_of_life = end_of_life(*inventory.distro, policy.today);
  for (const Gate& gate : {malware_gate(findings, policy), severity_gate(findings, policy),
                           end_of_life_gate(inventory, verdict.end_of_life, policy),
                           incomplete_gate(inventory, findings, policy)}) {
    if (gate.reason.empty()) continue;
    if (verdict.exit_code == 0) verdict.exit_code = gate.code;
    verdict.reasons.push_back(gate.reason);
  }
  return verdict;
}

}  // namespace peekr
