// SPDX-License-Identifier: Apache-2.0
// The gates, in the order in which their exit codes win: malware, findings, end of life, incomplete. All that were hit
// are told.
#include "policy/policy.h"

#include <algorithm>
#include <array>

#include "base/date.h"
#include "base/text.h"
#include "model/end_of_life.h"
#include "model/ratings.h"

namespace peekr {
namespace {

constexpr int kGateHit = 2, kEndOfLife = 3, kIncomplete = 4;
constexpr std::size_t kMostUnidentified = 25;  // percent of all executables

struct Answer {
  int code = 0;
  std::string reason;  // empty: not hit
};

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

// The day since which something could be done about it: that of the fix, else that of the vulnerability. An unrated finding has
// the grace of "unknown" alone: it may be anything.
bool in_grace(const Finding& finding, const Policy& policy) {
  const std::int64_t days = policy.grace[static_cast<std::size_t>(finding.severity)];
  if (days == 0 || finding.kind == Advisory::Kind::malware) return false;
  const std::string& since = finding.fix_published.empty() ? finding.published : finding.fix_published;
  const std::optional<std::int64_t> age = days_between(since, policy.today);
  return age && *age < days;
}

std::string condition(const Policy& policy) {
  if (!policy.fail_on) return {};
  if (const std::optional<Severity> severity = policy.fail_on->sole_severity())
    return " of at least " + std::string(name(*severity));
  return ": " + policy.fail_on->text();
}

Answer findings_gate(const GateHits& hits, const Policy& policy) {
  if (hits.findings.empty()) return {};
  const bool severity = !policy.fail_on || policy.fail_on->sole_severity();
  return {policy.exit_code.value_or(kGateHit), (severity ? "severity: " : "condition: ") +
                                                   counted(hits.findings.size(), "finding") +
                                                   condition(policy)};
}

// A package that is an attack has no severity: it hits every gate on findings that is in force.
Answer malware_gate(const GateHits& hits, const Policy& policy) {
  if (hits.malware.empty()) return {};
  return {policy.exit_code.value_or(kGateHit),
          "malware: " + counted(hits.malware.size(), "malicious package")};
}

Answer named_gate(const Gate& gate, std::size_t hits, const Policy& policy) {
  if (hits == 0) return {};
  return {policy.exit_code.value_or(kGateHit), "gate " + gate.name + ": " + counted(hits, "finding") + ": " +
                                                   gate.reason + " (" + gate.where + ": " + gate.when.text() +
                                                   ")"};
}

bool any_in_force(const Policy& policy) {
  const auto holds = [&](const Gate& gate) { return !has_expired(gate.until, policy.today); };
  return policy.fail_on || (policy.exit_code && policy.gates.empty()) ||
         std::ranges::any_of(policy.gates, holds);
}

// What reached the gate and was let through is told.
void tell_spared(const GateHits& hits, std::vector<std::string>& remarks) {
  if (!hits.base.empty())
    remarks.push_back(counted(hits.base.size(), "finding") +
                      " of the base image would hit the gate (--fail-on-base off)");
  if (!hits.grace.empty())
    remarks.push_back(counted(hits.grace.size(), "finding") + " would hit the gate, within the grace period");
}

Answer end_of_life_gate(const Inventory& inventory, const std::optional<EndOfLife>& end,
                        const Policy& policy) {
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

// What a condition may ask for that only some feeds tell.
struct Told {
  Field field;
  std::array<std::string_view, 3> by;  // feeds; that to fetch first
};
constexpr std::array kTold = {
    Told{Field::kev, {"kev", "nvd"}},   Told{Field::ransomware, {"kev"}},
    Told{Field::epss, {"epss"}},        Told{Field::percentile, {"epss"}},
    Told{Field::automatable, {"cve5"}}, Told{Field::exploit, {"kev", "cve5", "nvd"}}};

bool asks_for(Field field, const Policy& policy) {
  if (policy.fail_on && policy.fail_on->asks_for(field)) return true;
  return std::ranges::any_of(policy.gates, [&](const Gate& gate) {
    return !has_expired(gate.until, policy.today) && gate.when.asks_for(field);
  });
}

// So many findings have no severity because nothing in the database could say one: neither scores of CVEs, nor what OSV has of the
// ecosystem, which has them.
std::size_t unrated(const Report& report) {
  const auto& sources = report.db.sources;
  if (has_scores(report.db) || sources.empty()) return 0;
  const auto& list = report.findings.list;
  return static_cast<std::size_t>(std::ranges::count_if(list, [&](const Finding& one) {
    if (one.severity != Severity::unknown || one.kind == Advisory::Kind::malware) return false;
    return std::ranges::none_of(one.proofs, [&](const Proof& proof) {
      const std::string osv = "osv/" + std::string(cut(proof.ecosystem, ':').first);
      return std::ranges::find(sources, osv, &DbSource::name) != sources.end();
    });
  }));
}

// A gate that asks for what the database does not have of any finding is none; so is one on severities that it has of none of some.
std::vector<std::string> blind_spots(const Report& report, const Policy& policy) {
  const DbInfo& db = report.db;
  std::vector<std::string> all;
  if (const std::size_t count = unrated(report); count > 0 && asks_for(Field::severity, policy))
    all.push_back("a gate asks for severity, which is not known of " + counted(count, "finding") +
                  ": the database has no feed that rates them (peekr db update --feeds nvd)");
  for (const Told& one : kTold) {
    const bool known = std::ranges::any_of(db.sources, [&](const DbSource& source) {
      return !source.feed.empty() && std::ranges::find(one.by, source.feed) != one.by.end();
    });
    if (known || db.sources.empty() || !asks_for(one.field, policy)) continue;
    all.push_back(
        "a gate asks for " +
        std::string(std::ranges::find(condition_fields(), one.field, &FieldRow::field)->name) +
        ", which is known of no finding: the database has no feed that tells it (peekr db update --feeds " +
        std::string(one.by[0]) + ")");
  }
  return all;
}

// `blind`: of how many conditions the database has nothing.
Answer incomplete_gate(const Report& report, const Policy& policy, std::size_t blind) {
  if (!policy.fail_on_incomplete) return {};
  const Inventory& inventory = report.inventory;
  const Findings& findings = report.findings;
  const auto gap = [](const Note& note) { return incomplete(note.why); };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(inventory.notes, gap) +
                                              std::ranges::count_if(findings.notes, gap));
  std::vector<std::string> reasons;
  if (count > 0) reasons.push_back(counted(count, "note") + " on what could not be looked at or judged");
  const Completeness& all = inventory.completeness;
  if (!all.lost.empty())
    reasons.push_back(counted(all.lost.size(), "package database file") + " deleted, emptied or unread");
  if (too_many_unidentified(all)) {
    reasons.push_back(std::to_string(all.unidentified.size()) + " of " +
                      counted(all.executables, "executable") + " not identified");
  }
  if (blind > 0) reasons.push_back(counted(blind, "condition") + " on what the database does not have");
  if (reasons.empty()) return {};
  return {kIncomplete, "incomplete: " + join(reasons, ", ")};
}

// Which of the gates on findings a finding hits: that of fail_on first, then Policy::gates.
std::vector<bool> held(const Facts& facts, const Policy& policy) {
  const bool any = !policy.fail_on && policy.gates.empty() && policy.exit_code;
  std::vector<bool> all = {policy.fail_on ? policy.fail_on->holds(facts) : any};
  for (const Gate& gate : policy.gates)
    all.push_back(!has_expired(gate.until, policy.today) && gate.when.holds(facts));
  return all;
}

// Where the question is asked: why no finding counts as the base image's, and what helps.
void tell_guess(const BaseImage& base, const Policy& policy, std::vector<std::string>& remarks) {
  const bool asked = !policy.fail_on_base || asks_for(Field::base, policy);
  if (!asked || base.layers == 0 || !is_guess(base)) return;
  const bool named = base.by.ends_with("(--base)");
  remarks.push_back("no finding counts as the base image's: which layers are its is only guessed (" +
                    base.by + "); " +
                    (named ? "--verify full makes sure of them" : "--base names the base image"));
}

}  // namespace

std::vector<int> codes_by_gravity(const Policy& policy) {
  return {kCouldNot, policy.exit_code.value_or(kGateHit), policy.exit_on_eol.value_or(kEndOfLife),
          kIncomplete};
}

GateHits gate_hits(const Report& report, const Policy& policy) {
  GateHits hits{.gates = std::vector<std::vector<std::size_t>>(policy.gates.size())};
  if (!any_in_force(policy)) return hits;
  for (std::size_t i = 0; i < report.findings.list.size(); ++i) {
    const Finding& finding = report.findings.list[i];
    const Package& package = report.inventory.packages[finding.package];
    const bool base = is_of_known_base(report.image, package.layer);
    const bool malware = finding.kind == Advisory::Kind::malware;
    const std::vector<bool> gates =
        held({.finding = finding, .package = package, .base = base, .today = policy.today}, policy);
    if (!malware && std::ranges::find(gates, true) == gates.end()) continue;
    if (base && !policy.fail_on_base) {
      hits.base.push_back(i);
    } else if (in_grace(finding, policy)) {
      hits.grace.push_back(i);
    } else if (malware) {
      hits.malware.push_back(i);
    } else {
      if (gates[0]) hits.findings.push_back(i);
      for (std::size_t gate = 0; gate < hits.gates.size(); ++gate) {
        if (gates[gate + 1]) hits.gates[gate].push_back(i);
      }
    }
  }
  return hits;
}

bool has_gates(const Policy& policy) {
  return policy.fail_on || !policy.gates.empty() || policy.exit_code || policy.exit_on_eol;
}

Verdict judge(const Report& report, const Policy& policy) {
  Verdict verdict;
  const Inventory& inventory = report.inventory;
  if (inventory.distro)
    verdict.end_of_life = end_of_life(*inventory.distro, std::string_view(policy.today).substr(0, 10));
  const GateHits hits = gate_hits(report, policy);
  verdict.remarks = blind_spots(report, policy);
  std::vector<Answer> answers = {malware_gate(hits, policy), findings_gate(hits, policy)};
  for (std::size_t i = 0; i < policy.gates.size(); ++i)
    answers.push_back(named_gate(policy.gates[i], hits.gates[i].size(), policy));
  answers.push_back(end_of_life_gate(inventory, verdict.end_of_life, policy));
  answers.push_back(incomplete_gate(report, policy, verdict.remarks.size()));
  for (const Answer& answer : answers) {
    if (answer.reason.empty()) continue;
    if (verdict.exit_code == 0) verdict.exit_code = answer.code;
    verdict.reasons.push_back(answer.reason);
  }
  tell_spared(hits, verdict.remarks);
  tell_guess(report.image.base, policy, verdict.remarks);
  for (const Gate& gate : policy.gates) {
    if (has_expired(gate.until, policy.today))
      verdict.remarks.push_back(gate.where + ": gate " + gate.name + ": has expired on " + gate.until);
  }
  return verdict;
}

}  // namespace peekr
