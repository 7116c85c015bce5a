// SPDX-License-Identifier: Apache-2.0
#include "report/facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/date.h"
#include "base/text.h"

namespace peekr {
namespace {

// "2023-10-25, 58 days ago"
std::string day_text(std::string_view time, const Report& report) {
  std::string text(time.substr(0, 10));
  if (const std::optional<std::int64_t> days = days_between(time, report.created); days && *days >= 0)
    text += fmt::format(", {} {} ago", *days, *days == 1 ? "day" : "days");
  return text;
}

std::string epss_text(const Risk* risk) {
  if (risk == nullptr) return {};
  return fmt::format("{:.2f}% within 30 days, more than {:.2f}% of all CVEs ({}, {})",
                     risk->epss->score * 100, risk->epss->percentile * 100, risk->source, risk->date);
}

std::string kev_text(const Risk* risk) {
  if (risk == nullptr) return {};
  const Kev& kev = *risk->kev;
  std::string text = "known to be exploited";
  if (kev.ransomware) text += ", by ransomware";
  if (!kev.added.empty()) text += "; listed " + kev.added;
  if (!kev.due.empty()) text += "; US agencies must act by " + kev.due;
  if (!kev.action.empty()) text += ": " + kev.action;
  return text + " (" + risk->source + ")";
}

std::string ssvc_text(const Risk* risk) {
  if (risk == nullptr) return {};
  return fmt::format("exploitation {}, {}automatable, {} technical impact ({}, {})",
                     name(risk->ssvc->exploitation), risk->ssvc->automatable ? "" : "not ",
                     risk->ssvc->total ? "total" : "partial", risk->source, risk->date);
}

std::string risk_text(const RiskScore& risk) {
  if (risk.harm_by.empty()) return fmt::format("{:.1f}", risk.total);
  return fmt::format("{:.1f} of 100 = harm {:.2f} ({}) × likelihood {:.2f} ({}) × 10", risk.total, risk.harm,
                     risk.harm_by, risk.likelihood, risk.likelihood_by);
}

std::string confidence_text(const Finding& finding) {
  std::string text(name(finding.confidence));
  std::ranges::replace(text, '_', ' ');
  return text + (finding.confidence_by.empty() ? "" : ": " + finding.confidence_by);
}

}  // namespace

std::vector<Fact> facts_of(const Finding& finding, const Report& report) {
  std::vector<Fact> facts = {
      {"risk", risk_text(finding.risk)},
      {"severity", std::string(name(finding.severity)) +
                       (finding.severity_source.empty() ? "" : ", by " + finding.severity_source)},
      {"exploited", kev_text(kev_of(finding.risks))},
      {"EPSS", epss_text(epss_of(finding.risks))},
      {"SSVC", ssvc_text(ssvc_of(finding.risks))},
      {"confidence", confidence_text(finding)},
      {"decided by", finding.decided_by},
      {"published", day_text(finding.published, report)},
      {"fix published", day_text(finding.fix_published, report)},
      {"weaknesses", join(finding.weaknesses, ", ")},
      {"also called", join(finding.names, ", ")}};
  std::erase_if(facts, [](const Fact& one) { return one.text.empty(); });
  return facts;
}

}  // namespace peekr
