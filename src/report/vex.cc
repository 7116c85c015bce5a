// SPDX-License-Identifier: Apache-2.0
#include "report/vex.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "report/columns.h"
#include "report/identity.h"
#include "report/rulings.h"

namespace peekr {
namespace {

using Answer = VexAnswer::Status;

std::string proof_of(const Finding& finding) {
  if (finding.proofs.empty()) return {};
  const Proof& proof = finding.proofs.front();
  return proof.advisory + (proof.comparison.empty() ? "" : ": " + proof.comparison);
}

VexAnswer answer_of(const Ruling& one, const Inventory& inventory) {
  const Finding& finding = *one.finding;
  VexAnswer answer{.id = one_line(finding.id), .finding = &finding};
  for (const std::string& alias : finding.names) answer.aliases.push_back(one_line(alias));
  sort_unique(answer.aliases);
  const std::string reason = one.suppressed == nullptr ? "" : one_line(one.suppressed->reason);
  if (is_fixed(one)) {
    answer.status = Answer::fixed;
    answer.notes = reason;
  } else if (!is_affected(one)) {
    const Grounds grounds = grounds_of(*one.suppressed);
    answer.justification = grounds.label;
    answer.impact = grounds.words;
    if (answer.impact != reason) answer.notes = reason;
  } else if (finding.standing == Standing::under_investigation && finding.fixed_in.empty()) {
    answer.status = Answer::under_investigation;
    answer.notes = advice_on(finding, one.packages, inventory);
  } else {
    answer.status = Answer::affected;
    answer.action = advice_on(finding, one.packages, inventory);
    answer.notes = reason.empty() ? one_line(proof_of(finding)) : "not in the report: " + reason;
  }
  for (const std::size_t index : one.packages) {
    answer.products.push_back(address(inventory.packages[index].purl));
  }
  sort_unique(answer.products);
  return answer;
}

}  // namespace

std::vector<VexAnswer> vex_answers(const Report& report) {
  std::vector<VexAnswer> all;
  std::map<std::pair<std::string, std::string>, Answer> gravest;
  for (const Ruling& one : rulings_of(report.findings)) {
    all.push_back(answer_of(one, report.inventory));
    for (const std::string& product : all.back().products) {
      Answer& status = gravest[{all.back().id, product}];
      status = std::max(status, all.back().status);
    }
  }
  for (VexAnswer& one : all) {
    std::erase_if(one.products,
                  [&](const std::string& product) { return gravest[{one.id, product}] != one.status; });
  }
  std::erase_if(all, [](const VexAnswer& one) { return one.products.empty(); });
  if (all.empty())
    all.push_back({.id = "peekr-nothing-found",
                   .status = Answer::under_investigation,
                   .notes = answer_without_findings(report) +
                            "; this statement is here because the format wants one, and takes nothing out"});
  return all;
}

std::string_view name(VexAnswer::Status status) {
  switch (status) {
    case Answer::not_affected: return "not_affected";
    case Answer::fixed: return "fixed";
    case Answer::under_investigation: return "under_investigation";
    case Answer::affected: return "affected";
  }
  return "";
}

}  // namespace peekr
