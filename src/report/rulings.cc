// SPDX-License-Identifier: Apache-2.0
#include "report/rulings.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "report/columns.h"
#include "report/finding_groups.h"

namespace peekr {
namespace {

template <class Text>
std::string each_once(const Ruling& one, const Inventory& inventory, const Text& text) {
  std::vector<std::string> texts;
  for (const std::size_t package : one.packages) texts.push_back(text(inventory.packages[package]));
  sort_unique(texts);
  return join(texts, ", ");
}

}  // namespace

std::vector<Ruling> rulings_of(const Findings& findings) {
  using Key = std::tuple<std::string_view, std::string_view, Standing, std::string_view, std::string_view>;
  std::map<Key, Ruling> rulings;
  const auto add = [&](const Finding& one, const Suppressed* why) {
    const std::string_view reason = why == nullptr ? std::string_view() : why->reason;
    Ruling& ruling = rulings[Key{one.id, one.fixed_in, one.standing, one.severity_source, reason}];
    if (ruling.finding == nullptr) ruling = {.finding = &one, .suppressed = why};
    ruling.packages.push_back(one.package);
  };
  for (const Finding& one : findings.list) add(one, nullptr);
  for (const Suppressed& one : findings.suppressed) add(one.finding, &one);
  std::vector<Ruling> list;
  for (auto& [key, ruling] : rulings) list.push_back(std::move(ruling));
  return list;
}

std::vector<Ruling> worst_first(const Findings& findings) {
  std::vector<Ruling> list = rulings_of(findings);
  std::erase_if(list, [](const Ruling& one) { return one.suppressed != nullptr; });
  std::ranges::stable_sort(list, [](const Ruling& a, const Ruling& b) {
    const Finding &x = *a.finding, &y = *b.finding;
    return std::tuple(is_malware(x), x.severity) > std::tuple(is_malware(y), y.severity);
  });
  return list;
}

bool is_affected(const Ruling& one) {
  if (one.suppressed == nullptr) return true;
  const Suppressed::Rule rule = one.suppressed->rule;
  return rule == Suppressed::Rule::filter || rule == Suppressed::Rule::baseline ||
         rule == Suppressed::Rule::exception;
}

std::string_view justification_of(Suppressed::Rule rule) {
  switch (rule) {
    case Suppressed::Rule::host_kernel: return "vulnerable_code_not_present";
    case Suppressed::Rule::remnant: return "component_not_present";
    case Suppressed::Rule::informational:
    case Suppressed::Rule::distribution:
    case Suppressed::Rule::overruled:
    case Suppressed::Rule::filter:
    case Suppressed::Rule::baseline:
    case Suppressed::Rule::exception:
    case Suppressed::Rule::vex: break;
  }
  return {};
}

std::string names_of(const Ruling& one, const Inventory& inventory) {
  return each_once(one, inventory, [](const Package& package) { return package.name; });
}

std::string versions_of(const Ruling& one, const Inventory& inventory) {
  return each_once(one, inventory, [](const Package& package) { return full_version(package); });
}

std::string_view grade_of(const Finding& finding) {
  return is_malware(finding) ? "malware" : name(finding.severity);
}

std::string_view exploited_text(const Finding& finding) {
  const Risk* kev = kev_of(finding.risks);
  if (kev == nullptr) return "";
  return kev->kev->ransomware ? ", known to be exploited by ransomware" : ", known to be exploited";
}

std::string answer_without_findings(const Report& report) {
  const std::string image = one_line(report.image.name);
  const std::size_t hidden = taken_out_by_user(report);
  const Assessment how = assessment(report);
  if (how != Assessment::none && hidden > 0) {
    return "nothing is left of " + counted(hidden, "finding") + " in " + image +
           " that rules of yours have taken out";
  }
  switch (how) {
    case Assessment::none: return image + " could not be judged: " + not_assessed(report).front();
    case Assessment::partial:
      return "no known vulnerabilities were found in what could be judged of " + image;
    case Assessment::full: break;
  }
  return "no known vulnerabilities were found in " + image;
}

}  // namespace peekr
