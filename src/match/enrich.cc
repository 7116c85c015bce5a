// SPDX-License-Identifier: Apache-2.0
#include "match/enrich.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "match/names.h"
#include "match/severity.h"

namespace peekr {
namespace {

void add(const std::string& text, std::vector<std::string>& list) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

// "EVIDENCE" is OSV's word, and what the NVD and CVE feeds make of the tag "exploit".
bool is_exploit(const Reference& reference) {
  return reference.type == "EVIDENCE" || reference.url.find("exploit-db.com/") != std::string::npos;
}

void add_words(const Advisory& record, Finding& finding) {
  for (const std::string& one : record.weaknesses) add(one, finding.weaknesses);
  for (const Reference& one : record.references) {
    if (is_exploit(one)) add(one.url, finding.exploits);
  }
  if (!record.published.empty() && (finding.published.empty() || record.published < finding.published)) {
    finding.published = record.published;
  }
}

// The middle of what a severity stands for on the scale of CVSS.
double middle(Severity severity) {
  switch (severity) {
    case Severity::critical: return 9.5;
    case Severity::high: return 8;
    case Severity::low: return 2.5;
    case Severity::negligible: return 0.5;
    case Severity::medium:
    case Severity::unknown: break;
  }
  return 5.5;
}

void judge_harm(const Finding& finding, RiskScore& risk) {
  const std::string word = "severity " + std::string(name(finding.severity));
  if (finding.cvss && finding.severity != Severity::unknown) {
    risk.harm = (middle(finding.severity) + *finding.cvss) / 2;
    risk.harm_by = fmt::format("{}, CVSS {:.1f}", word, *finding.cvss);
  } else if (finding.cvss) {
    risk.harm = *finding.cvss;
    risk.harm_by = fmt::format("CVSS {:.1f}", *finding.cvss);
  } else {
    risk.harm = middle(finding.severity);
    risk.harm_by = word;
  }
}

// The strongest evidence counts.
void judge_likelihood(const Finding& finding, RiskScore& risk) {
  const Risk *epss = epss_of(finding.risks), *kev = kev_of(finding.risks), *ssvc = ssvc_of(finding.risks);
  const auto take = [&](double likelihood, std::string by) {
    if (likelihood <= risk.likelihood) return;
    risk.likelihood = likelihood;
    risk.likelihood_by = std::move(by);
  };
  const bool poc = ssvc != nullptr && ssvc->ssvc->exploitation == Exploitation::poc;
  if (kev != nullptr && kev->kev->ransomware) take(1, "known exploited (KEV), by ransomware");
  if (kev != nullptr) take(0.95, "known exploited (KEV)");
  if (ssvc != nullptr && ssvc->ssvc->exploitation == Exploitation::active)
    take(0.9, "active exploitation (SSVC)");
  if (poc && ssvc->ssvc->automatable) take(0.5, "a proof of concept that can be automated (SSVC)");
  if (poc) take(0.4, "a proof of concept (SSVC)");
  if (!finding.exploits.empty()) take(0.4, "a published exploit");
  if (epss != nullptr) {
    take(std::max(0.1, std::sqrt(epss->epss->score)), fmt::format("EPSS {:.5f}", epss->epss->score));
  }
  if (ssvc != nullptr) take(0.1, "no exploitation known (SSVC)");
  take(risk.likelihood > 0 ? 0 : 0.2, "nothing is known");
}

}  // namespace

void enrich(std::span<const Advisory* const> records, Finding& finding) {
  std::vector<const Advisory*> others;
  for (const Advisory* record : records) {
    const bool matched =
        std::ranges::find(finding.proofs, record->id, &Proof::advisory) != finding.proofs.end();
    if (!matched) others.push_back(record);
    // What an erratum says, it says of all its vulnerabilities.
    if (is_about_one(*record)) add_words(*record, finding);
  }
  std::ranges::sort(finding.weaknesses);
  rate_by_others(others, finding);
}

RiskScore risk_score(const Finding& finding) {
  RiskScore risk;
  judge_harm(finding, risk);
  judge_likelihood(finding, risk);
  risk.total = std::round(risk.harm * risk.likelihood * 100) / 10;
  risk.harm = std::round(risk.harm * 100) / 100;
  risk.likelihood = std::round(risk.likelihood * 1e5) / 1e5;
  return risk;
}

}  // namespace peekr
